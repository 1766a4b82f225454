using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Sweep;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>The end of a sweep on the console.</summary>
public sealed class SweepSummaryTests
{
    private static readonly FloorScore[] Floors =
    [
        new() { Name = "always-A", ApiId = "baseline/always-A", CorrectQuestions = 34, Questions = 46, CorrectCases = 4, Cases = 10 },
        new() { Name = "overlap", ApiId = "baseline/overlap", CorrectQuestions = 3, Questions = 46, Cases = 10 },
    ];

    [Fact]
    public void Floors_are_a_block_examinees_and_models_are_rows_and_three_lines_say_what_comes_of_it()
    {
        var runs = new[]
        {
            Run(BuiltInModels.Model("baseline/always-A") with { IsInFloorBlock = true }, 34, 4),
            Run(BuiltInModels.Model("simulated/knows-60"), 28, 1),
            Run(new ModelSettings { Name = "gpt-5", ApiId = "gpt-5", Server = ServerKind.Endpoint }, 40, 6, failed: 1),
        };

        Assert.Equal(
        [
            "",
            "Floors, which need no medicine:",
            "always-A (best constant letter)  questions 34/46 (73.9%)  cases 4/10 (40.0%)",
            "overlap                          questions 3/46 (6.5%)  cases 0/10 (0.0%)",
            "",
            "Models:",
            "gpt-5  questions 40/46 (87.0%)  cases 6/10 (60.0%)  1 failure",
            "",
            "Simulated examinees, no models: their true ability is known:",
            "simulated/knows-60  questions 28/46 (60.9%)  cases 1/10 (10.0%)  0 failures",
            "",
            "Seen:  A is better than B.",
            "Look:  http://127.0.0.1:5270/",
            "Next:  dotnet run --project LiveClin.Evaluator -- evaluate --model MODEL --api-base http://127.0.0.1:30000/v1 --image-mode local --store /s/liveclin.db  # a model of your own (README, Your own models)",
            "",
        ],
        new SweepSummary(runs, Floors, "demo") { Seen = "A is better than B.", Leaderboard = "http://127.0.0.1:5270/",
            Store = "/s/liveclin.db" }.Lines());
    }

    [Fact]
    public void Models_alone_are_rows_without_headings_and_the_next_step_compares_them()
    {
        var runs = new[] { "my model",
            "it's" }.Select(name => Run(new ModelSettings { Name = name, ApiId = "m", Server = ServerKind.Endpoint }, 1, 0)).ToArray();

        var lines = new SweepSummary(runs, Floors, "demo") { Store = "/s/liveclin.db" }.Lines().ToList();

        Assert.Contains("my model  questions 1/46 (2.2%)  cases 0/10 (0.0%)  0 failures", lines);
        Assert.DoesNotContain("Models:", lines);
        Assert.Equal(
        [
            "Seen:  2 of 2 models evaluated on demo.",
            "Look:  dotnet run --project LiveClin.Stats -- report --store /s/liveclin.db --output report",
            @"Next:  dotnet run --project LiveClin.Stats -- compare --store /s/liveclin.db --baseline 'my model' --candidate 'it'\''s'",
            "",
        ], lines[^4..]);
    }

    [Fact]
    public void Each_condition_has_a_line_and_the_next_step_compares_published_runs()
    {
        var model = new ModelSettings { Name = "m", ApiId = "m", Server = ServerKind.Endpoint };
        var unchanged = Run(model, 0, 0, condition: "rotated:0");
        (unchanged.Run, unchanged.HasNothingToAsk) = (null, true);
        var runs = new[] { Run(model, 3, 1), Run(model, 2, 0, condition: "no-images"), unchanged, Run(model with { Name = "n" }, 1, 0) };

        var lines = new SweepSummary(runs, Floors, "demo") { Store = "/s/liveclin.db", Found = "m gets fewer right." }.Lines().ToList();

        Assert.Equal("Found: m gets fewer right.", lines[lines.FindIndex(line => line.StartsWith("Seen:", StringComparison.Ordinal)) + 1]);
        Assert.Contains("m              questions 3/46 (6.5%)  cases 1/10 (10.0%)  0 failures", lines);
        Assert.Contains("m · no-images  questions 2/46 (4.3%)  cases 0/10 (0.0%)  0 failures", lines);
        Assert.Contains("m · rotated:0  the condition changes no case that is asked for: nothing to ask", lines);
        Assert.EndsWith("--baseline m --candidate n", lines[^2], StringComparison.Ordinal);
        Assert.Equal(0, SweepReport.ExitCode(runs));
    }

    [Fact]
    public void None_of_the_above_is_marked_as_unreviewed()
    {
        var model = new ModelSettings { Name = "m", ApiId = "m", Server = ServerKind.Endpoint };
        IEnumerable<string> Lines(string condition) =>
            new SweepSummary([Run(model, 3, 1), Run(model, 2, 0, condition: condition)], Floors, "demo") { Store = "s.db" }.Lines();

        Assert.Single(Lines("none-of-the-above"),
            line => line.StartsWith("none-of-the-above counts all questions here, unreviewed ones too", StringComparison.Ordinal));
        Assert.DoesNotContain(Lines("no-images"), line => line.Contains("unreviewed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_floor_that_was_asked_for_or_that_failed_has_its_own_line()
    {
        var failed = Run(BuiltInModels.Model("baseline/overlap") with { IsInFloorBlock = true }, 0, 0);
        (failed.State, failed.Failure) = (ModelRunState.Failed, "the server has ended.");
        var runs = new[] { Run(new ModelSettings { Name = "floor", ApiId = "baseline/always-A", Server = ServerKind.Baseline }, 34, 4),
            failed };

        var lines = new SweepSummary(runs, Floors, "demo") { Store = "/s/liveclin.db" }.Lines().ToList();

        Assert.Equal(
        [
            "Floors, which need no medicine:",
            "always-A (best constant letter)  questions 34/46 (73.9%)  cases 4/10 (40.0%)",
            "overlap                          questions 3/46 (6.5%)  cases 0/10 (0.0%)",
            "floor                            questions 34/46 (73.9%)  cases 4/10 (40.0%)  0 failures",
            "baseline/overlap                 questions 0/46 (0.0%)  cases 0/10 (0.0%)  0 failures  failed: the server has ended.",
        ], lines[1..6]);
    }

    [Fact]
    public void What_was_not_asked_is_no_failure()
    {
        var model = new ModelSettings { Name = "m", ApiId = "m", Server = ServerKind.Endpoint };
        var (skipped, refused, paid) = (Run(model, 3, 1, failed: 2), Run(model, 0, 0), Run(model, 2, 0));
        skipped.Run!.Progress.QuestionsDone = 43;
        skipped.Run.Progress.QuestionsAnswered = 41;
        skipped.Run.Failures.Add(new FailureCount { Kind = "http_500", Questions = 2 });
        foreach (var run in (ModelRun[])[refused, paid]) (run.Run!.Progress.QuestionsDone, run.Run.Progress.QuestionsAnswered) = (2, 2);
        (refused.State, refused.Failure) = (ModelRunState.Failed, "The server refuses the API key.");
        (paid.State, paid.Failure) = (ModelRunState.Stopped, "Stopped by the cost limit of 1.00 USD.");

        Assert.Equal("questions 3/46 (6.5%)  cases 1/10 (10.0%)  2 failures: http_500 × 2  3 not asked", SweepText.Line(skipped));
        Assert.Equal("questions 0/46 (0.0%)  cases 0/10 (0.0%)  0 failures  44 not asked  failed: The server refuses the API key.",
            SweepText.Line(refused));
        Assert.Equal("questions 2/46 (4.3%)  cases 0/10 (0.0%)  0 failures  Stopped by the cost limit of 1.00 USD.", SweepText.Line(paid));
        Assert.Equal("3 of 46, cases 1 of 10, 2 failed, 3 not asked", SweepText.FinishedState(skipped));
        Assert.Equal(1, SweepReport.ExitCode([skipped]));
        Assert.Equal(1, SweepReport.ExitCode([paid]));
    }

    [Fact]
    public void Of_a_release_that_cannot_be_used_there_are_no_floors()
    {
        var run = new ModelRun(new UnusableModel(BuiltInModels.Model("simulated/knows-60")),
            new ModelRunResource("run", new SweepResource("sweep"))) { State = ModelRunState.Failed,
            Failure = "the release is not usable; its errors are above." };

        var lines = new SweepSummary([run], [], "demo") { Store = "/s/liveclin.db" }.Lines().ToList();

        Assert.Contains("simulated/knows-60  failed: the release is not usable; its errors are above.", lines);
        Assert.DoesNotContain(lines, line => line.Contains("Floors", StringComparison.Ordinal));
        Assert.Contains("Seen:  0 of 1 model evaluated on demo.", lines);
    }

    private static ModelRun Run(ModelSettings model, int correct, int cases, int failed = 0, string condition = ModelRun.Published) =>
        new(new UnusableModel(model), new ModelRunResource("run", new SweepResource("sweep")), condition)
        {
            State = ModelRunState.Completed,
            Run = new Run
            {
                Progress = new RunProgress
                {
                    QuestionsTotal = 46,
                    QuestionsDone = 46,
                    QuestionsAnswered = 46 - failed,
                    CasesTotal = 10,
                    CasesCorrect = cases,
                    Outcomes = new OutcomeCounts { Correct = correct, Failed = failed },
                },
            },
        };
}
