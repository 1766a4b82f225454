using LiveClin.Core.Answers;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Stats.Published;
using LiveClin.Stats.ResultSets;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.ResultSets;

public sealed class SourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void V1_files_are_laid_over_each_other_by_case()
    {
        var @case = new V1Case { CaseId = "1", Mcqs = [Mcq(0, "A", true), Mcq(1, null, false) with { Response = null, Error = "timeout" }] };
        var two = new V1Case { CaseId = "2", Mcqs = [Mcq(0, "B", false)] };
        var set = V1FileSource.Combine([Results("m", @case, two), Results("n", two), Results("n", @case with { Mcqs = [@case.Mcqs[0]] })]);
        Assert.Equal(["m", "n", "n (2)"], set.Models.Select(m => m.Model));
        Assert.Equal([Outcome.Correct, Outcome.Failed, Outcome.Wrong], set.Models[0].Answers.Select(a => a.Outcome));
        Assert.Equal([false, true], set.Models[1].Covers);
        Assert.Equal([false, false], set.Models[2].Covers);
        Assert.Equal(["n: case 1 has 1 questions, elsewhere 2; left out for this model."], set.Notes.Take(1));
        Assert.Equal("2", Assert.Single(set.SharedCases(set.Models[0], set.Models[1])).Id);
    }

    [Fact]
    public async Task A_store_gives_one_run_of_each_model_with_what_it_covers()
    {
        await SampleRuns.CreateStoreAsync(
            _folder["s.db"],
            (SampleRuns.Run("1", "m"), [SampleRuns.Answer(0, 0, Outcome.Wrong)]),
            (SampleRuns.Run("2", "m"),
                [SampleRuns.Answer(0, 0, Outcome.Correct), SampleRuns.Answer(0, 1, Outcome.Failed), SampleRuns.Answer(0, 2, Outcome.NotRun),
                SampleRuns.Answer(1, 0, Outcome.Wrong, "Option B. \\boxed{Z}", "B")]),
            (SampleRuns.Run("3", "n", RunStatus.Running, limit: 1), [SampleRuns.Answer(0, 0, Outcome.Unparsed)]));
        await using var store = ResultStore.OpenReadOnly(_folder["s.db"]);
        var set = StoreSource.Load(store, new RunSelection(), Stop);
        Assert.Equal(("sample", 2, 5), (set.Release, set.Cases.Length, set.QuestionCount));
        Assert.Equal([("m", "2", true), ("n", "3", false)], set.Models.Select(m => (m.Model, m.RunId!, m.IsComplete)));
        Assert.Equal([Outcome.Correct, Outcome.Failed, Outcome.NotRun, Outcome.Wrong, Outcome.NotRun],
            set.Models[0].Answers.Select(a => a.Outcome));
        Assert.Equal((Outcome.Unparsed, null, 'B'),
            (set.Models[0].Answers[3].StrictOutcome!.Value, set.Models[0].Answers[3].StrictLetter, set.Models[0].Answers[3].Letter));
        Assert.Equal((100, null, 12.5f),
            (set.Models[0].Answers[0].InputTokens, set.Models[0].Answers[0].CachedTokens, set.Models[0].Answers[0].LatencyMs));
        Assert.Equal([true, false], set.Models[1].Covers);
        Assert.Contains("1 other one does not", set.Notes[0], StringComparison.Ordinal);
        // The failed question takes its case from the core statistics, and counts as wrong in the v1 ones.
        Assert.Equal(0, PublishedStatistics.Core(set, "store", []).TotalFiles);
        Assert.Equal(5, PublishedStatistics.V1(set, set.Models[0]).Summary.Total!.Questions);
    }

    [Fact]
    public async Task A_store_without_what_was_asked_for_says_what_it_has()
    {
        await SampleRuns.CreateStoreAsync(_folder["s.db"], (SampleRuns.Run("1", "m"), []));
        await using var store = ResultStore.OpenReadOnly(_folder["s.db"]);
        Assert.Contains("it has sample", Fails(new RunSelection { Release = "other" }), StringComparison.Ordinal);
        Assert.Contains("no run 'x'", Fails(new RunSelection { RunIds = ["x"] }), StringComparison.Ordinal);
        Assert.Contains("left out", Fails(new RunSelection { IgnoredModels = ["m"] }), StringComparison.Ordinal);

        string Fails(RunSelection selection) => Assert.Throws<StoreException>(() => StoreSource.Load(store, selection, Stop)).Message;
    }

    [Fact]
    public void Names_of_models_cannot_fill_or_turn_a_page_and_stay_unique()
    {
        var set = V1FileSource.Combine([Results(new string('x', 10_000)), Results(new string('x', 10_001)), Results("a\u202eexe.png")]);
        Assert.Equal([$"{new string('x', 60)}…{new string('x', 60)}", $"{new string('x', 60)}…{new string('x', 60)} (2)", "aU+202Eexe.png"],
            set.Models.Select(m => m.Model));
    }

    public void Dispose() => _folder.Dispose();

    private static V1Results Results(string model, params V1Case[] cases) => new()
    {
        Meta = new V1Meta { Model = model, Dataset = "d" },
        Cases = [.. cases],
    };

    private static V1Mcq Mcq(int index, string? letter, bool correct) => new()
    {
        Index = index,
        CorrectAnswer = "A",
        ExtractedAnswer = letter,
        IsCorrect = correct,
        Response = $"\\boxed{{{letter}}}",
    };
}
