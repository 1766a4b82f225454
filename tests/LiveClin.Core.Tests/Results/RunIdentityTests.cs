using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Testing;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Core.Tests.Results;

/// <summary>What makes two runs the same one, and which of several is continued.</summary>
public sealed class RunIdentityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static RunSpecification Specification => Run("x").Specification;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Same => ["endpoint", "release name", "order of parameters", "notation of numbers"];

    public static TheoryData<string> Different =>
        ["model", "served name", "release", "condition", "image mode", "missing images", "parameters", "a parameter more"];

    [Theory]
    [MemberData(nameof(Same))]
    public void Is_the_same_whatever_the_other(string what)
    {
        var first = Specification with { ParametersJson = """{"n":1,"temperature":1,"extra":{"b":[1,2],"a":null}}""" };
        var second = what switch
        {
            "endpoint" => first with { Endpoint = "http://elsewhere/v1" },
            "release name" => first with { ReleaseName = "another" },
            "order of parameters" => first with { ParametersJson = """{ "extra": {"a": null, "b": [1,2]}, "temperature": 1, "n": 1 }""" },
            _ => first with { ParametersJson = """{"n":1,"temperature":1.0,"extra":{"b":[1e0,2],"a":null}}""" },
        };
        Assert.Equal((first.IdentityText, first.Identity), (second.IdentityText, second.Identity));
    }

    [Theory]
    [MemberData(nameof(Different))]
    public void Is_another_one_with_another(string what)
    {
        var first = Specification;
        var second = what switch
        {
            "model" => first with { Model = "other" },
            "served name" => first with { ApiId = "other" },
            "release" => first with { ReleaseSha256 = new string('b', 64) },
            "condition" => first with { Condition = "no-images" },
            "image mode" => first with { ImageMode = "url" },
            "missing images" => first with { AllowMissingImages = true },
            "parameters" => first with { ParametersJson = "{\"n\":2}" },
            _ => first with { ParametersJson = "{\"n\":1,\"seed\":1}" },
        };
        Assert.NotEqual(first.Identity, second.Identity);
    }

    [Fact]
    public void Is_the_hash_of_a_text_that_says_it_all()
    {
        Assert.Equal(
            $$"""{"allow_missing_images":false,"api_id":"model","condition":"published","image_mode":"local","model":"model","parameters":{"n":1},"release_sha256":"{{new string('a', 64)}}"}""",
            Specification.IdentityText);
        Assert.Equal(Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Specification.IdentityText))),
            Specification.Identity);
    }

    [Fact]
    public async Task The_run_with_most_replies_in_the_target_is_continued_then_the_newest()
    {
        await CreateStoreAsync(
            _folder["s.db"],
            (Run("1-two-in-the-first-case", status: RunStatus.Cancelled), [Answer(0, 0, Outcome.Wrong), Answer(0, 1, Outcome.Wrong)]),
            (Run("2-most", status: RunStatus.Cancelled),
                [Answer(0, 0, Outcome.Wrong), Answer(1, 0, Outcome.Wrong), Answer(1, 1, Outcome.Wrong), Answer(0, 1, Outcome.Failed)]),
            (Run("3-equal-and-newer", status: RunStatus.Cancelled), [Answer(0, 0, Outcome.Wrong), Answer(0, 1, Outcome.Wrong)]),
            (Run("4-imported") with { Source = "results.json" },
                [.. Release.Cases.SelectMany(@case =>
                @case.Questions.Select(question => Answer(@case.Ordinal, question.Index, Outcome.Wrong)))]),
            (Run("5-other", model: "other"), []));
        await using var store = ResultStore.Open(_folder["s.db"]);
        Assert.Equal("2-most", store.FindContinuable(Specification, RunTarget.Whole)?.Id);
        Assert.Equal("3-equal-and-newer", store.FindContinuable(Specification, RunTarget.Of(1))?.Id);
        Assert.Null(store.FindContinuable(Specification with { ParametersJson = "{}" }, RunTarget.Whole));

        await store.WriteAsync(write =>
        {
            write.AddRun(Run("6-fresh"));
            write.Supersede("6-fresh");
        });
        Assert.Equal("6-fresh", store.FindContinuable(Specification, RunTarget.Whole)?.Id);
        Assert.Equal("6-fresh", store.FindRun("1-two-in-the-first-case")?.SupersededBy);
        Assert.All(["4-imported", "5-other"], id => Assert.Null(store.FindRun(id)?.SupersededBy));

        await store.WriteAsync(write => write.DeleteRun("6-fresh"));
        Assert.Equal("2-most", store.FindContinuable(Specification, RunTarget.Whole)?.Id);
    }
}
