using System.Globalization;
using LiveClin.Core.Costs;
using LiveClin.Core.Text;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Sweep;

/// <summary>The sweep in words and figures.</summary>
internal static class SweepText
{
    private const int MaximumStateLength = 100;

    /// <summary><c>evaluating 812 of 1,407, ETA 19 min</c>: cases.</summary>
    public static string Progress(RunProgress progress)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"evaluating {progress.CasesDone:N0} of {progress.CasesTotal:N0}");
        if (progress.Remaining is { } remaining) text += $", ETA {Duration(remaining.ToTimeSpan())}";
        if (progress.HasNote) text += $" ({Safe(progress.Note)})";
        return text;
    }

    /// <summary><c>questions 34/46 (73.9%)  cases 4/10 (40.0%)  2 failures  5 not asked</c>.</summary>
    public static string Scores(ModelRun run) => Counts(run) + NotAsked(run);

    private static string Counts(ModelRun run)
    {
        var progress = run.Progress;
        return $"questions {Share(progress.Outcomes?.Correct ?? 0, progress.QuestionsTotal)}  cases {Share(progress.CasesCorrect, progress.CasesTotal)}  {run.Failures} failure{(run.Failures == 1 ? "" : "s")}";
    }

    // Of a run that is under way, or stopped to go on later, that is no news.
    private static string NotAsked(ModelRun run) => run is { State: ModelRunState.Completed or ModelRunState.Failed, NotAsked: > 0 }
        ? string.Create(CultureInfo.InvariantCulture, $"  {run.NotAsked} not asked")
        : "";

    /// <summary><c>34 of 46, cases 4 of 10</c>: the score as a finished run's state.</summary>
    public static string FinishedState(ModelRun run)
    {
        if (run.HasNothingToAsk) return NothingToAsk(run);
        var progress = run.Progress;
        var score = string.Create(CultureInfo.InvariantCulture,
            $"{progress.Outcomes?.Correct ?? 0:N0} of {progress.QuestionsTotal:N0}, cases {progress.CasesCorrect:N0} of {progress.CasesTotal:N0}");
        if (run.Failures > 0) score += string.Create(CultureInfo.InvariantCulture, $", {run.Failures:N0} failed");
        return run.NotAsked == 0 ? score : string.Create(CultureInfo.InvariantCulture, $"{score}, {run.NotAsked:N0} not asked");
    }

    /// <summary>What came of a condition that leaves every case as it is, or of a shard without a case.</summary>
    public static string NothingToAsk(ModelRun run) => run.Condition == ModelRun.Published
        ? "the shard holds no case that is asked for: nothing to ask"
        : "the condition changes no case that is asked for: nothing to ask";

    /// <summary><c>46 requests to send, about 120,000 prompt tokens and 13,800 reply tokens, about 0.41 to 0.62 USD</c>.</summary>
    public static string Estimate(RunEstimate estimate) => string.Create(CultureInfo.InvariantCulture,
        $"{estimate.Requests:N0} request{(estimate.Requests == 1 ? "" : "s")} to send, about {estimate.InputTokens:N0} prompt tokens ({estimate.RepeatedInputTokens:N0} of them repeat the turns before) and {estimate.OutputTokens:N0} reply tokens{Cost(estimate)}");

    // From everything repeated served by a prefix cache to nothing of it.
    private static string Cost(RunEstimate estimate) =>
        estimate.HasCost ? $", about {MoneyText.Range(estimate.CachedCost, estimate.Cost, estimate.Currency)}" : "";

    /// <summary><c>1 model</c>, <c>3 models</c>.</summary>
    public static string Models(int count) => count == 1 ? "1 model" : $"{count} models";

    /// <summary>A number of conditions.</summary>
    public static string Conditions(int count) => count == 1 ? "1 condition" : $"{count} conditions";

    /// <summary>Text from elsewhere as it may be shown: nothing that steers a terminal, and no line ends.</summary>
    public static string Safe(string? text) => ShownText.Line(text);

    /// <summary>Below the table: the end of the log of each server that failed.</summary>
    public static IEnumerable<string> LogEnds(IReadOnlyList<ModelRun> runs) =>
        runs.Where(r => r.State == ModelRunState.Failed).SelectMany(r => LogEnd(r.Failure) is { Count: > 0 } lines
            ? ["", $"{Safe(r.Title)}: {lines[0]}", .. lines.Skip(1)] : Array.Empty<string>());

    /// <summary>Where a failed server's log is, and its last lines; nothing when it has none.</summary>
    public static IReadOnlyList<string> LogEnd(Failure? failure) => failure is not { LastLines.Count: > 0 } ? []
        : [$"last lines{(failure.LogFile is { } file ? $" of {file}" : "")}:", .. failure.LastLines.Select(l => "    " + l)];

    /// <summary>A failure as a resource's state: enough of the reason to know whether to look closer.</summary>
    public static string FailedState(Failure? failure) => failure is null ? "Failed"
        : failure.Reason.Length <= MaximumStateLength
            ? $"Failed: {failure.Reason}" : string.Concat("Failed: ", failure.Reason.AsSpan(0, MaximumStateLength), "…");

    /// <summary>What came of a model, in one line.</summary>
    public static string Line(ModelRun run)
    {
        var reason = run.State switch
        {
            ModelRunState.Completed => null,
            ModelRunState.Failed => $"failed: {run.Failure?.Reason}",
            // By a limit that was set, or by a person: it says which.
            ModelRunState.Stopped when run.Failure is { } stop => stop.Reason,
            ModelRunState.Stopped => run.Run is null ? "stopped; the same command continues"
                : $"stopped after {run.Progress.QuestionsDone} of {run.Progress.QuestionsTotal} questions; the same command continues",
            _ => "not run",
        };
        if (run.HasNothingToAsk) return NothingToAsk(run);
        if (run.Run is null) return reason!;
        if (reason is null && run.Failures > 0 && Causes(run) is { Length: > 0 } causes) return $"{Counts(run)}: {causes}{NotAsked(run)}";
        return reason is null ? Scores(run) : $"{Scores(run)}  {reason}";
    }

    /// <summary><c>http_500 × 10 (CUDA error: an illegal memory access)</c>: why questions have no reply.</summary>
    public static string Causes(ModelRun run) => string.Join(", ", (run.Run?.Failures ?? []).Select(failure =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Safe(failure.Kind)} × {failure.Questions}{(failure.Cause.Length > 0 ? $" ({Safe(failure.Cause)})" : "")}")));

    /// <summary><c>34/46 (73.9%)</c>.</summary>
    public static string Share(int part, int whole) => whole == 0
        ? $"{part}/{whole}"
        : string.Create(CultureInfo.InvariantCulture, $"{part}/{whole} ({100.0 * part / whole:0.0}%)");

    private static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => $"{Math.Max(1, (int)Math.Ceiling(time.TotalSeconds))} s",
        { TotalHours: < 2 } => $"{(int)Math.Round(time.TotalMinutes)} min",
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:F1} h"),
    };
}
