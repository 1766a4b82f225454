using System.Text.Json;
using LiveClin.Core.Formats;

namespace LiveClin.Core.Results;

/// <content>Reading what a run is.</content>
public sealed partial class ResultStore
{
    private List<RunRow> ReadRuns(string which, params object[] values) => Query(
        new StoredRows(DamagedRow.Runs), $"SELECT {RunColumns} FROM runs WHERE {which} ORDER BY seq DESC",
        next =>
        {
            var run = ReadRun(next);
            var number = next.Long();
            next.Flag(); // nothing can be said of a run without its release's cases
            var damage = next.TakeDamage() is not { } column ? null : new DamagedRow(
                DamagedRow.Runs, column == Release ? "release" : column, run.Id.Length > 0
                    ? $"run {run.Id}" : $"the run with the number {number}");
            if (damage is not null) DamageWatch.Tell(damage);
            return new RunRow(damage is null ? run : null, damage, run.Id);
        },
        values);

    private const string Release = "release_there";

    private RunInfo Sound(RunRow row, string otherwise = "")
    {
        if (row.Damage is not { } damage) return row.Run!;
        DamageWatch.Leave([damage]);
        throw new StoreException(StoreProblem.Damaged, $"{Path}: {damage}.{otherwise}");
    }

    private static RunInfo ReadRun(ColumnReader next) => new()
    {
        Id = next.Text(),
        Specification = ReadSpecification(next),
        Target = next.Parse(RunTarget.Parse, RunTarget.Whole),
        Status = next.Code<RunStatus>(),
        StatusReason = next.TextOrNull(),
        StartedAt = next.Time(),
        FinishedAt = next.TimeOrNull(),
        ProgramVersion = next.Text(),
        GitCommit = next.TextOrNull(),
        Machine = next.Text(),
        Source = next.Text(),
        SupersededBy = next.TextOrNull(),
        IsChosen = next.Flag(),
        IsHidden = next.Flag(),
        Name = next.TextOrNull(),
        Tags = StoreTransaction.ReadTags(next.Text()),
    };

    private static RunSpecification ReadSpecification(ColumnReader next) => new()
    {
        Model = next.Text(),
        ApiId = next.Text(),
        Endpoint = next.Text(),
        ReleaseSha256 = next.Text(),
        ReleaseName = next.Text(),
        Condition = next.Text(),
        ImageMode = next.Text(),
        AllowMissingImages = next.Flag(),
        ParametersJson = next.Parse(RequireObject, "{}"),
    };

    private static string RequireObject(string parameters)
    {
        using var document = JsonDocument.Parse(CanonicalJson.Of(parameters));
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? parameters
            : throw new FormatException("The parameters are no object.");
    }

    /// <summary>A row of the table of runs.</summary>
    /// <param name="Run">The run; null when it is damaged.</param>
    /// <param name="Damage">What is wrong with it; null when nothing is.</param>
    /// <param name="Name">Its identifier.</param>
    private sealed record RunRow(RunInfo? Run, DamagedRow? Damage, string Name);
}
