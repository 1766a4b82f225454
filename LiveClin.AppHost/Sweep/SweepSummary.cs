using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Terminal;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Sweep;

/// <summary>
/// The end of a sweep on the console: the floors as one block, one line per model and condition, what was seen, where to look, what to
/// type next.
/// </summary>
internal sealed class SweepSummary(IReadOnlyList<ModelRun> runs, IReadOnlyList<FloorScore> floors, string release)
{
    /// <summary>What the statistics say of it; null when they say nothing.</summary>
    public string? Seen { get; init; }

    /// <summary>What they say of the conditions; null when no condition can be tested.</summary>
    public string? Found { get; init; }

    /// <summary>Address of the leaderboard; null when it goes with the program.</summary>
    public string? Leaderboard { get; init; }

    /// <summary>The result store's file.</summary>
    public required string Store { get; init; }

    /// <summary>The lines; nothing is wrapped.</summary>
    public IEnumerable<string> Lines()
    {
        // A floor that was not evaluated to its end is no part of a block that says what floors score.
        var rows = runs.Where(run => !run.Model.IsInFloorBlock || run.Condition != ModelRun.Published
            || run.State != ModelRunState.Completed || !run.IsAnswered).ToList();
        var simulated = rows.Where(run => run.Model.IsSimulated).ToList();
        var askedFloors = rows.Where(run => run.Model is { Server: ServerKind.Baseline, IsSimulated: false }).ToList();
        var models = rows.Except([.. simulated, .. askedFloors]).ToList();
        return
        [
            .. Block("Floors, which need no medicine:",
                [.. floors.Select((floor, i) => (Name(floor, i), Score(floor))), .. Rows(askedFloors)]),
            .. Block(simulated.Count == 0 ? null : "Models:", Rows(models)),
            .. Block("Simulated examinees, no models: their true ability is known:", Rows(simulated)),
            .. SweepText.LogEnds(runs),
            .. runs.Any(run => run.Condition.Contains("none-of-the-above", StringComparison.Ordinal)) ? (string[])["", Unreviewed] : [],
            "",
            $"Seen:  {SweepText.Safe(Seen ?? Fallback())}",
            .. Found is null ? Array.Empty<string>() : [$"Found: {SweepText.Safe(Found)}"],
            $"Look:  {Leaderboard ?? $"{ServiceCommands.Stats} report --store {Quoted(Store)} --output report"}",
            $"Next:  {Next(models)}",
            "",
        ];
    }

    private const string Unreviewed =
        "none-of-the-above counts all questions here, unreviewed ones too; what reviews leave of it, the page Controls and the report say.";

    private static IEnumerable<string> Block(string? heading, IReadOnlyList<(string Name, string Text)> lines)
    {
        if (lines.Count == 0) return [];
        var width = lines.Max(line => line.Name.Length);
        return ["", .. heading is null ? Array.Empty<string>() : [heading],
            .. lines.Select(line => $"{line.Name.PadRight(width)}  {line.Text}")];
    }

    private static List<(string Name, string Text)> Rows(List<ModelRun> rows) =>
        [.. rows.Select(run => (SweepText.Safe(run.Title), SweepText.Line(run)))];

    private static string Name(FloorScore floor, int index) => index == 0 ? $"{floor.Name} (best constant letter)" : floor.Name;

    private static string Score(FloorScore floor) =>
        $"questions {SweepText.Share(floor.CorrectQuestions, floor.Questions)}  cases {SweepText.Share(floor.CorrectCases, floor.Cases)}";

    private string Fallback()
    {
        var done = runs.Count(run => run.State == ModelRunState.Completed);
        return Evaluated(done);
    }

    private string Evaluated(int done) => runs.All(run => run.Condition == ModelRun.Published)
        ? $"{done} of {SweepText.Models(runs.Count)} evaluated on {release}."
        : $"{done} of {runs.Count} runs ({SweepText.Models(runs.DistinctBy(run => run.Server).Count())}, {SweepText.Conditions(runs.DistinctBy(run => run.Condition).Count())}) done on {release}.";

    // With models to compare, the comparison; before that, the way to the first one.
    private string Next(List<ModelRun> models)
    {
        if (models.Where(run => run is { State: ModelRunState.Completed, Condition: ModelRun.Published }).Take(2)
            .ToList() is [var first, var second])
            return $"{ServiceCommands.Stats} compare --store {Quoted(Store)} --baseline {Quoted(first.Model.Name)} --candidate {Quoted(second.Model.Name)}";
        return $"{ServiceCommands.Evaluator} evaluate --model MODEL --api-base http://127.0.0.1:30000/v1 --image-mode local --store {Quoted(Store)}  # a model of your own (README, Your own models)";
    }

    // As a shell takes it, and no longer than from here.
    private static string Quoted(string text)
    {
        var shown = Path.IsPathRooted(text) && Path.GetRelativePath(Directory.GetCurrentDirectory(), text) is var near
            && !near.StartsWith("..", StringComparison.Ordinal) ? near : text;
        return ShellWord.Of(SweepText.Safe(shown));
    }
}
