using System.Globalization;
using LiveClin.Core.Results;
using LiveClin.Stats.Epochs;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Benchmarks.Weaknesses;

/// <summary>
/// Examines everyone with a planted weakness and prints what the controls found, as docs/weaknesses.md shows it. It ends with 1 when they
/// found anything else than what was planted.
/// </summary>
internal static class WeaknessBenchmark
{
    private const int Seed = 5;

    public static async Task<int> RunAsync(string[] args)
    {
        var cases = args is ["--cases", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 150;
        var found = await ExamineAsync(cases, PlantedWeakness.All, CancellationToken.None);
        string[] conditions = [.. PlantedWeakness.Conditions.Skip(1)];
        Console.WriteLine($"{found.Questions} questions in {cases} cases; percent of the changed questions right, as published → under the condition; bold: told from the published way.");
        Console.WriteLine($"| Examinee | {string.Join(" | ", conditions)} |\n|---|{string.Concat(conditions.Select(_ => "---|"))}");
        foreach (var (weakness, effects) in found.Effects)
            Console.WriteLine($"| `{weakness.Examinee}` | {string.Join(" | ", conditions.Select(name => effects.First(effect => effect.Condition == name).Cell()))} |");
        foreach (var (examinee, luck) in found.Luck) Console.WriteLine($"{examinee}: {luck.Statement}");
        var differences = found.Effects.SelectMany(each => each.Weakness.Differences(each.Effects)).ToList();
        Console.WriteLine(differences.Count == 0 ? "Exactly what was planted was found." : string.Join('\n', differences));
        return differences.Count == 0 ? 0 : 1;
    }

    /// <summary>Examines examinees with real processes on a generated release.</summary>
    public static async Task<WeaknessFindings> ExamineAsync(int cases, IReadOnlyList<PlantedWeakness> examinees,
        CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("liveclin-weaknesses-").FullName;
        try
        {
            using var examination = await Examination.StartAsync(WeaknessRelease.Write(folder, cases, Seed), folder, cancellationToken);
            foreach (var each in examinees)
            {
                await examination.AskAsync(each.Examinee, PlantedWeakness.Conditions, epochs: 1, cancellationToken);
                if (each.Epochs > 1) await examination.AskAsync(each.Examinee, ["published"], each.Epochs, cancellationToken);
            }

            var controls = await examination.ControlsAsync(cancellationToken);
            await using var store = ResultStore.OpenReadOnly(examination.Store);
            var set = StoreSource.Load(store, new RunSelection(), cancellationToken);
            return new WeaknessFindings(
                [.. examinees.Select(each => (each, (IReadOnlyList<EffectFigures>)EffectFigures.Read(controls[each.Examinee])))],
                [.. set.Models.Select(model => (model.Model, Luck: EpochStatistics.Of(set, model))).Where(each => each.Luck is not null)
                    .Select(each => (each.Model, each.Luck!))],
                set.QuestionCount);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>What came of an examination.</summary>
/// <param name="Effects">What the controls say of each examinee.</param>
/// <param name="Luck">What asking again shows, of each that was.</param>
/// <param name="Questions">Questions of the release.</param>
internal sealed record WeaknessFindings(
    IReadOnlyList<(PlantedWeakness Weakness, IReadOnlyList<EffectFigures> Effects)> Effects,
    IReadOnlyList<(string Examinee, EpochStatistics Luck)> Luck, int Questions);
