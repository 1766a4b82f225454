using System.Text.Json;
using System.Text.Json.Nodes;
using LiveClin.Core.Exchange;
using LiveClin.Core.Formats;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Formats;

public sealed class CoreFolderTests : IDisposable
{
    private const string Release = """{"pmc":"1","Rarity":1,"extra":{"kept":[1.50,"ü😀\u0001"]},"exam_creation":{"final_policy":{"scenario":"s","mcqs":[{"stage":"x","question":"q","options":{},"correct_answer":"A"}]}}}""";
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_models_entry_is_replaced_and_everything_else_stays()
    {
        CoreFolder.Merge(_folder.FullName, "PMC1.json", Release, [Entry("one", "A")]);
        CoreFolder.Merge(_folder.FullName, "PMC1.json", Release, [Entry("two", "B")]);
        CoreFolder.Merge(_folder.FullName, "PMC1.json", Release, [Entry("one", "C")]);
        var text = File.ReadAllText(Path.Combine(_folder.FullName, "PMC1.json"));
        Assert.Contains("1.50", text, StringComparison.Ordinal);
        Assert.Contains("\"ü😀\\u0001\"", text, StringComparison.Ordinal);
        var read = CoreFolder.ReadCase(Path.Combine(_folder.FullName, "PMC1.json"));
        Assert.Equal([("two", "B"), ("one", "C")], read.Questions[0].Entries.Select(e => (e.ModelId, e.ExtractedAnswer!)));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Release),
            JsonNode.Parse(CoreFolder.ReadReleaseLine(Path.Combine(_folder.FullName, "PMC1.json")))));
    }

    [Theory]
    [InlineData("\"s\"")]
    [InlineData("\"x\"")]
    [InlineData("\"q\"")]
    [InlineData("\"extra\"")]
    [InlineData("\"pmc\":\"1\"")]
    public void Half_of_a_surrogate_pair_anywhere_leaves_a_case_that_can_be_imported(string at)
    {
        var file = Release.Replace(""","correct_answer":"A"}""", ""","correct_answer":"A","evaluate":[{"model_id":"m","model_raw_response":"\\boxed{A} \ud83d"}]}""", StringComparison.Ordinal)
            .Replace("\"options\":{}", "\"options\":{\"A\":\"one\",\"B\":\"two\"}", StringComparison.Ordinal);
        Put("PMC1.json", file.Replace(at, at[..^1] + "\\ud83d\"", StringComparison.Ordinal));

        var imported = CoreImport.Read(_folder.FullName, [], TestContext.Current.CancellationToken);

        var clinicalCase = Assert.Single(imported.Release.Cases);
        Assert.Contains("\ufffd", clinicalCase.Json, StringComparison.Ordinal);
        Assert.StartsWith("\\boxed{A}", Assert.Single(Assert.Single(imported.Models).Answers).Reply, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_case_files_are_read_in_order_of_code_points()
    {
        foreach (var name in new[] { "b.json", "a.json", "B.json", "0.statistics.json", "x.JSON", "y.jsonl", "notes.txt" }) Put(name, "{}");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "hard"));
        File.WriteAllText(Path.Combine(_folder.FullName, "hard", "h.json"), "{}");
        Assert.Equal(["B.json", "a.json", "b.json"], CoreFolder.CaseFiles(_folder.FullName).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("{\"pmc\": \"1\",\n\"exam", "line 2: it is not valid JSON")]
    [InlineData("[]", "a JSON object was expected")]
    [InlineData("""{"exam_creation":{"final_policy":{"mcqs":[{"evaluate":{}}]}}}""", "mcqs[0].evaluate: a list was expected, found an object")]
    [InlineData("""{"exam_creation":{"final_policy":{"mcqs":[3]}}}""", "mcqs[0]: an object was expected, found a number")]
    public void A_broken_file_says_where_and_is_never_overwritten(string content, string message)
    {
        var path = Put("PMC1.json", content);
        Assert.Contains(message, Assert.Throws<ResultFileException>(() => CoreFolder.ReadCase(path)).Message, StringComparison.Ordinal);
        Assert.Throws<ResultFileException>(() => CoreFolder.Merge(_folder.FullName, "PMC1.json", Release, [Entry("m", "A")]));
        Assert.Equal(content, File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void Duplicate_names_would_lose_something_so_such_a_file_is_not_written()
    {
        Put("PMC1.json", """{"a":1,"a":2,"exam_creation":{"final_policy":{"mcqs":[{}]}}}""");
        var error = Assert.Throws<ResultFileException>(() => CoreFolder.Merge(_folder.FullName, "PMC1.json", Release, [Entry("m", "A")]));
        Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../PMC1.json")]
    [InlineData("/etc/x.json")]
    [InlineData("..")]
    public void A_file_name_never_leaves_the_folder(string name) =>
        Assert.Throws<ResultFileException>(() => CoreFolder.Merge(_folder.FullName, name, Release, [Entry("m", "A")]));

    [Fact]
    public void Another_number_of_questions_is_another_case()
    {
        CoreFolder.Merge(_folder.FullName, "PMC1.json", Release, [Entry("one", "A")]);
        var error = Assert.Throws<ResultFileException>(() =>
            CoreFolder.Merge(_folder.FullName, "PMC1.json", Release, [Entry("two", "A"), Entry("two", "A")]));
        Assert.Contains("1 questions, the run 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lone_surrogate_survives()
    {
        CoreFolder.Merge(_folder.FullName, "PMC1.json", Release.Replace("ü", "\\ud800", StringComparison.Ordinal), [Entry("m", "A")]);
        var text = File.ReadAllText(Path.Combine(_folder.FullName, "PMC1.json"));
        Assert.Contains("\\ud800", text, StringComparison.Ordinal);
        JsonDocument.Parse(text).Dispose();
    }

    [Fact]
    public void A_missing_folder_is_named() =>
        Assert.Contains("no such folder", Assert.Throws<ResultFileException>(() => CoreFolder.CaseFiles(Put("none"))).Message,
            StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private static CoreEntry Entry(string model, string letter) => new()
    {
        ModelId = model,
        Prompt = "p",
        Response = letter,
        ExtractedAnswer = letter,
        IsCorrect = letter == "A",
        ImagePathsSent = ["f.png"],
    };

    private string Put(string name, string? content = null)
    {
        if (content is not null) File.WriteAllText(_folder[name], content);
        return _folder[name];
    }
}
