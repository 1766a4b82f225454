using System.Globalization;
using LiveClin.Core.Answers;
using LiveClin.Core.Failures;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>One run on the console.</summary>
internal static class RunDetails
{
    /// <returns>True when nothing of the run is damaged.</returns>
    public static bool Write(TextWriter output, ResultStore store, RunInfo run)
    {
        var spec = run.Specification;
        var tally = store.Tally(run);
        Line("run", run.Id);
        Line("label", RunLabels.ByIdentity(store.ListRuns())[spec.Identity]);
        Line("identity", spec.Identity);
        Line("model", spec.Model == spec.ApiId ? spec.Model : $"{spec.Model} ({spec.ApiId})");
        Line("endpoint", spec.Endpoint);
        var asked = store.GetEndpoints(run.Id);
        if (asked.Count > 1 || asked.Any(each => each.Endpoint != spec.Endpoint))
            foreach (var (endpoint, answers) in asked) Line("  asked at", $"{endpoint} ({answers} answers)");
        Line("release", $"{spec.ReleaseName} ({spec.ReleaseSha256})");
        Line("condition", spec.Condition);
        Line("target", run.Target.Describe());
        Line("coverage", $"{RunText.Coverage(tally)} cases of the release; {RunText.Share(tally.QuestionsAnswered, tally.Questions)} questions of the target answered");
        Line("images", spec.ImageMode + (spec.AllowMissingImages ? ", missing ones left out" : ""));
        Line("parameters", spec.ParametersJson);
        Line("status", RunText.Status(run) + (run.StatusReason is { } reason ? $": {reason}" : ""));
        Line("started", RunText.Time(run.StartedAt));
        if (run.FinishedAt is { } finished) Line("finished", RunText.Time(finished));
        Line("program", run.ProgramVersion + (run.GitCommit is { } commit ? $" ({commit})" : ""));
        Line("machine", run.Machine);
        WriteServing(Line, store.GetEnvironments(run.Id));
        Line("tokens", RunText.Tokens(tally.Usage));
        Line("source", run.Source);
        if (run.SupersededBy is { } other) Line("superseded", $"by {other}");
        if (run.IsChosen) Line("chosen", "stands for its model and setting");
        if (run.IsHidden) Line("hidden", "not on the leaderboard");
        if (run.Name is { } given) Line("name", given);
        if (run.Tags.Count > 0) Line("tags", string.Join(", ", run.Tags));
        if (tally.FailuresByKind.Count > 0) Line("failures", $"failed {tally.FailuresByKind.Values.Sum()}: {FailureText.Of(tally)}");
        var damages = StoreDamage.Find(store, [run]).ToList();
        foreach (var damage in damages) Line("damaged", damage.ToString());
        output.WriteLine();
        WriteScores(output, tally);
        var events = store.GetEvents(run.Id);
        if (events.Count > 0) output.WriteLine();
        foreach (var noted in events) output.WriteLine($"{RunText.Time(noted.At)}  {noted.Kind}: {RunText.Safe(noted.Message)}");
        return damages.Count == 0;

        void Line(string name, string value) => output.WriteLine($"{name,-12} {RunText.Safe(value)}");
    }

    // Of each start or continuation that was made elsewhere or otherwise than the one before.
    private static void WriteServing(Action<string, string> line, IReadOnlyList<RecordedEnvironment> environments)
    {
        foreach (var (at, environment) in environments)
        {
            line("asked", $"{RunText.Time(at)} at {environment.Endpoint}, version {environment.ProgramVersion}, on {environment.Machine}");
            if (environment.Server is { } server) line("  server", $"{server} {environment.ServerVersion ?? "(version not known)"}");
            if (environment.ServerCommand is { } command) line("  started as", string.Join(' ', command));
            foreach (var device in environment.Devices ?? []) line("  device", device);
            if (environment.ModelInfo is { } model) line("  model", model);
        }
    }

    // Both published accuracies and the one over answered questions, each with its denominator: they differ as soon as a call fails.
    public static void WriteScores(TextWriter output, RunTally tally)
    {
        Line("questions", RunText.Share(tally[Outcome.Correct], tally.Questions), "failures count as wrong (v1)");
        Line("", RunText.Share(tally.CorrectInCasesAnswered, tally.QuestionsInCasesAnswered), "without cases that have a failure (core)");
        Line("", RunText.Share(tally[Outcome.Correct], tally.QuestionsAnswered), "of the questions answered");
        Line("cases", RunText.Share(tally.CasesCorrect, tally.Cases), "failures count as wrong (v1)");
        Line("", RunText.Share(tally.CasesCorrect, tally.CasesAnswered), "without cases that have a failure (core)");
        output.WriteLine();
        foreach (var outcome in Enum.GetValues<Outcome>().Where(outcome => tally[outcome] > 0))
            Line(outcome == Outcome.NotRun ? "not run" : outcome.ToString().ToLowerInvariant(),
                tally[outcome].ToString(CultureInfo.InvariantCulture), "");

        void Line(string name, string value, string remark) => output.WriteLine($"{name,-12} {value,-20} {remark}".TrimEnd());
    }
}
