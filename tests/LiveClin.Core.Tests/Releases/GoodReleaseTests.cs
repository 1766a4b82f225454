using System.Security.Cryptography;
using System.Text;
using LiveClin.Core.Releases;
using LiveClin.Testing;
using static LiveClin.Core.Tests.Releases.ReleaseFiles;

namespace LiveClin.Core.Tests.Releases;

/// <summary>What a release becomes.</summary>
public sealed class GoodReleaseTests : IDisposable
{
    private readonly ReleaseFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task The_real_demo()
    {
        var release = await ReleaseReader.ReadAsync(ReleaseLocation.FromFile(SharedData.DemoJsonl), new ReleaseOptions(),
            TestContext.Current.CancellationToken);
        var bytes = await File.ReadAllBytesAsync(SharedData.DemoJsonl, TestContext.Current.CancellationToken);
        Assert.Equal(
            ("demo", SharedData.DemoImages, 10, 46, 0, Convert.ToHexStringLower(SHA256.HashData(bytes))),
            (release.Name, release.ImageRoot, release.Cases.Length, release.QuestionCount, release.Warnings.Length, release.Sha256));
        Assert.Equal(Enumerable.Range(0, 10), release.Cases.Select(c => c.Ordinal));
        Assert.Equal(Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries), release.Cases.Select(c => c.Json));
        var golden = Directory.EnumerateFiles(SharedData.Path("golden", "evaluated")).Select(Path.GetFileName).Order();
        Assert.Equal(golden, release.Cases.Select(c => c.FileName).Order());
        var first = release.Cases[0];
        Assert.Equal(("11577515", "PMC11577515.json", "2", "C71 Malignant neoplasm of brain"),
            (first.Id, first.FileName, first.Rarity, first.Icd10));
        Assert.Equal("Initial Assessment", first.Questions[0].Stage);
        Assert.Equal(15, release.Cases.Sum(c => c.Figures.Length + c.Questions.Sum(q => q.Figures.Length)));
        Assert.Equal(34, release.Cases.Sum(c => c.Questions.Count(q => q.Key == "A")));
    }

    [Fact]
    public async Task Blank_lines_byte_order_mark_and_windows_line_ends()
    {
        var release = await _files.ReadAsync("\ufeff" + Case("1") + "\r\n\r\n  \n" + Case("2"));
        Assert.Equal([1, 4], release.Cases.Select(c => c.Line));
        Assert.Equal([Case("1"), Case("2")], release.Cases.Select(c => c.Json));
        Assert.Equal(2, release.BlankLines);
    }

    [Fact]
    public async Task White_space_around_a_line_is_what_python_takes_for_it()
    {
        var release = await _files.ReadAsync("\u001f\f" + Case("1") + "\u00a0\u3000\n\u0085\u2028\n\u001c" + Case("2") + "\u0085");
        Assert.Equal([Case("1"), Case("2")], release.Cases.Select(c => c.Json));
        Assert.Equal(1, release.BlankLines);
    }

    [Fact]
    public async Task A_limit_keeps_the_first_cases_of_a_file_that_is_read_as_a_whole()
    {
        Directory.CreateDirectory(_files.Path("images"));
        _files.Write("images/x.png", "x");
        var jsonl = CaseWithImage("x.png") + "\n" + CaseWithImage("missing.png", "2");
        var release = await _files.ReadAsync(jsonl, new ReleaseOptions { Limit = 1 });
        Assert.Single(release.Cases);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(jsonl))), release.Sha256);
        Assert.Contains("t.jsonl:3: is not valid JSON", await _files.FailAsync(jsonl + "\n{", new ReleaseOptions { Limit = 1 }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_longer_than_any_buffer_and_split_characters()
    {
        var long1 = Case("1", scenario: "\"" + string.Concat(Enumerable.Repeat("ä€😀", 100_000)) + "\"");
        var release = await _files.ReadAsync(long1 + "\n" + Case("2") + "\n" + long1.Replace("\"1\"", "\"3\"", StringComparison.Ordinal));
        Assert.Equal([400_000, 6, 400_000], release.Cases.Select(c => c.Scenario.Length));
    }

    [Fact]
    public async Task The_last_of_equal_keys_wins_and_options_are_sorted()
    {
        var release = await _files.ReadAsync(Case(options: """{"B": "old", "A": "one", "B": "new"}""", key: "\"b\"", mcq: ", \"correct_answer\": \"b\""));
        var question = release.Cases[0].Questions[0];
        Assert.Equal("A=one B=new", string.Join(' ', question.Options.Select(o => $"{o.Letter}={o.Text}")));
        Assert.Equal("B", question.Key);
    }

    [Theory]
    [InlineData("2", "2")]
    [InlineData("2.0", "2.0")]
    [InlineData("1.50", "1.5")]
    [InlineData("\"rare\"", "rare")]
    [InlineData("true", "True")]
    [InlineData("null", null)]
    public async Task Rarity_is_text_as_python_prints_it(string json, string? text) =>
        Assert.Equal(text, (await _files.ReadAsync(Case(ids: $"\"pmc\": \"1\", \"Rarity\": {json}"))).Cases[0].Rarity);

    [Fact]
    public async Task What_only_describes_may_be_odd_and_is_warned_about()
    {
        var release = await _files.ReadAsync(Case(
            ids: "\"title\": [\"x\"]", mcq: """, "stage": {}, "table_details": [{"caption_prefix": null, "caption": 3, "content": "|x|"}], "image_details": null""",
            options: """{"A": "", "K": "x"}""", key: "\"K\""));
        Assert.Equal(
            [
                "t.jsonl:1: has neither pmc, pmid nor doi; it is called LINE_000000000",
                "t.jsonl:1: title: should be a string, not a list; it is ignored",
                "t.jsonl:1: exam_creation.final_policy.mcqs[0].options.A: is empty",
                "t.jsonl:1: exam_creation.final_policy.mcqs[0].correct_answer: is 'K'; the published rules find only the letters A to J, so that no answer can be correct",
                "t.jsonl:1: exam_creation.final_policy.mcqs[0].stage: should be a string, not an object; it is ignored",
            ],
            _files.Warnings(release).Order(Comparer<string>.Create((a, b) => Rank(a) - Rank(b))));
        var table = release.Cases[0].Questions[0].Tables[0];
        Assert.Equal(("None", "3"), (table.CaptionPrefix, table.Caption)); // as the published prompt prints them

        static int Rank(string warning) =>
            Array.FindIndex(["neither", "title", "options", "correct_answer", "stage"], w => warning.Contains(w, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_that_are_no_text_are_shown_as_python_prints_them()
    {
        var options = (await _files.ReadAsync(Case(options: """{"A": 2, "B": 2.50, "C": true, "D": 1e15, "E": -0}"""))).Cases[0].Questions[0].Options;
        Assert.Equal(["2", "2.5", "True", "1000000000000000.0", "0"], options.Select(option => option.Text));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("\"\"")]
    [InlineData("false")]
    [InlineData("0")]
    public async Task Empty_values_stand_for_no_figures_and_tables(string nothing)
    {
        var release = await _files.ReadAsync(
            Case(mcq: $", \"image_details\": {nothing}, \"table_details\": {nothing}", policy: $", \"scenario_image_details\": {nothing}"));
        Assert.Empty(release.Cases[0].Questions[0].Figures);
        Assert.Empty(release.Cases[0].Questions[0].Tables);
        Assert.Empty(release.Cases[0].Figures);
    }

    [Fact]
    public async Task Not_a_number_is_read_as_python_reads_it_and_warned_about()
    {
        var release = await _files.ReadAsync(Case(ids: "\"pmc\": \"1\", \"Rarity\": NaN, \"title\": \"NaN\", \"x\": [-Infinity]"));
        Assert.Equal(("nan", "NaN"), (release.Cases[0].Rarity, release.Cases[0].Title));
        Assert.Equal("t.jsonl:1: holds NaN or Infinity, which are no JSON; they are read as the texts that Python prints for them",
            Assert.Single(_files.Warnings(release)));
        using var json = System.Text.Json.JsonDocument.Parse(release.Cases[0].Json); // what is stored and exported is JSON
        Assert.Equal("-inf", json.RootElement.GetProperty("x")[0].GetString());
    }

    [Theory]
    [InlineData("\"pmc\": \"123\"", "123", "PMC123.json")]
    [InlineData("\"pmc\": \"\\u001c123\\u001f\"", "123", "PMC123.json")]
    [InlineData("\"pmc\": \" PMC123 \"", "PMC123", "PMC123.json")]
    [InlineData("\"pmc\": \"pmc123\"", "pmc123", "pmc123.json")]
    [InlineData("\"pmc\": \"..a b\\n/c\"", "..a b\n/c", "PMC..a_b_c.json")]
    [InlineData("\"pmc\": 123, \"pmid\": 5", "123", "PMID5.json")]
    [InlineData("\"pmc\": \"\", \"PMID\": \"5 \"", "PMID_5 ", "PMID5.json")]
    [InlineData("\"pmid\": 0, \"PMID\": 77", "PMID_77", "PMID77.json")]
    [InlineData("\"pmid\": 12.5, \"doi\": \"10.1/x\"", "PMID_12.5", "DOI_10.1_x.json")]
    [InlineData("\"pmc\": null, \"doi\": \" 10.1/é²x\\u0301 \"", "10.1/é²x\u0301", "DOI_10.1_é²x_.json")]
    [InlineData("\"title\": \"t\"", "LINE_000000000", "LINE_000000000.json")]
    public async Task Identifiers_and_file_names(string ids, string id, string file)
    {
        var only = Assert.Single((await _files.ReadAsync(Case(ids: ids))).Cases);
        Assert.Equal((id, file), (only.Id, only.FileName));
    }

    [Fact]
    public async Task Colliding_file_names_get_numbers_and_blank_lines_count_in_line_names()
    {
        var release = await _files.ReadAsync(string.Join("\n", Case(ids: "\"doi\": \"a/b\""), Case(ids: "\"doi\": \"a:b\""), "",
            Case(ids: "\"doi\": \"a b\""), Case(ids: "\"doi\": null")));
        Assert.Equal(["DOI_a_b.json", "DOI_a_b_2.json", "DOI_a_b_3.json", "LINE_000000004.json"], release.Cases.Select(c => c.FileName));
    }

    [Fact]
    public async Task Long_identifiers_are_cut_at_200_characters_before_prefix_and_suffix()
    {
        var release = await _files.ReadAsync(Case(new string('1', 250)) + "\n" + Case(new string('1', 251)) + "\n"
            + Case(string.Concat(Enumerable.Repeat("\\ud835\\udfd8", 201))));
        Assert.Equal(
            ["PMC" + new string('1', 200) + ".json", "PMC" + new string('1', 200) + "_2.json",
                "PMC" + string.Concat(Enumerable.Repeat("\U0001d7d8", 200)) + ".json"],
            release.Cases.Select(c => c.FileName));
    }

    [Fact]
    public async Task Reading_can_be_cancelled()
    {
        _files.Write("t.jsonl", Case());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            ReleaseReader.ReadAsync(ReleaseLocation.FromFile(_files.Jsonl), new ReleaseOptions(), new CancellationToken(canceled: true)));
    }
}
