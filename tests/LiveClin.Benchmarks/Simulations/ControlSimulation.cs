using System.Globalization;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Benchmarks.Simulations;

/// <summary>
/// How often the intervals of the controls hold the truth, how often their tests find an effect, and how often they find one that is not
/// there. The truth is the mean over large benchmarks of the same kind.
/// </summary>
internal sealed class ControlSimulation
{
    private const int TruthCases = 4000, TruthBenchmarks = 10;

    // Every interval that the controls print.
    private static readonly Shown[] Intervals =
    [
        new("question accuracy as published (clustered)", m => m.Questions.Mean, m => m.QuestionInterval),
        new("case accuracy as published (Wilson)", m => m.Cases.Value, m => m.CaseInterval),
        .. SimulatedModel.Conditions.SelectMany(OfCondition),
        new("mirage score, no-images (bootstrap)", m => m.Mirage[0].Value, m => m.Mirage[0].Interval),
        new("same option in all orders (clustered)", m => m.Order!.Consistent.Value, m => m.Order!.ConsistentInterval),
        new("right in all orders (clustered)", m => m.Order!.RightInAll.Value, m => m.Order!.RightInAllInterval),
        new("error ratio (bootstrap)", m => m.Errors.Ratio, m => m.Errors.RatioInterval),
        new("recency gap (Welch)", m => m.Recency!.Difference, m => m.Recency!.Interval()),
        new("question accuracy over epochs (clustered)", m => m.Luck!.Questions.Mean, m => m.Luck!.Questions.Interval),
        new("case accuracy over epochs (clustered)", m => m.Luck!.Cases.Mean, m => m.Luck!.Cases.Interval),
    ];

    private static readonly Lazy<double[]> Truth = new(FindTruth);

    private ControlSimulation(int benchmarks, int cases) => (Benchmarks, Cases) = (benchmarks, cases);

    /// <summary>Benchmarks simulated of each kind.</summary>
    public int Benchmarks { get; }

    /// <summary>Cases of each.</summary>
    public int Cases { get; }

    /// <summary>Share of benchmarks whose interval holds the truth, by what it is an interval of.</summary>
    public Dictionary<string, double> Coverage { get; } = [];

    /// <summary>Share of benchmarks in which a condition with an effect is told, by the condition.</summary>
    public Dictionary<string, double> Power { get; } = [];

    /// <summary>Share of benchmarks without any effect in which some corrected test tells one.</summary>
    public double FalseAlarms { get; private set; }

    /// <summary>Simulates; the same on every machine.</summary>
    public static ControlSimulation Run(int benchmarks, int cases)
    {
        var simulation = new ControlSimulation(benchmarks, cases);
        var truth = Truth.Value;
        var held = new int[Intervals.Length];
        var told = SimulatedModel.Conditions.ToDictionary(condition => condition, _ => 0);
        var alarms = 0;
        for (var seed = 0; seed < benchmarks; seed++)
        {
            var drawn = new SimulatedModel(HasEffects: true).Draw(cases, seed);
            for (var i = 0; i < held.Length; i++) if (Intervals[i].Interval(drawn).Contains(truth[i])) held[i]++;
            foreach (var effect in drawn.Effects.Where(effect => effect.IsTold)) told[effect.Condition]++;
            if (new SimulatedModel(HasEffects: false).DrawEffects(cases, seed).Any(IsAlarm)) alarms++;
        }

        for (var i = 0; i < held.Length; i++) simulation.Coverage[Intervals[i].Name] = (double)held[i] / benchmarks;
        foreach (var (condition, count) in told) simulation.Power[condition] = (double)count / benchmarks;
        simulation.FalseAlarms = (double)alarms / benchmarks;
        return simulation;
    }

    /// <summary>Simulates at several sizes and prints the table of docs/statistics.md.</summary>
    public static int Print(string[] args)
    {
        var benchmarks = args is ["--benchmarks", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 2000;
        List<ControlSimulation> all = [.. ((int[])[50, 300]).Select(cases => Run(benchmarks, cases))];
        Console.WriteLine($"{benchmarks} simulated benchmarks of each size; one standard error of a share of 95 % is {100 * Math.Sqrt(0.95 * 0.05 / benchmarks):0.0} points");
        Console.WriteLine($"| | {string.Join(" | ", all.Select(each => $"{each.Cases} cases"))} |\n|---|{string.Concat(all.Select(_ => "---|"))}");
        foreach (var interval in Intervals) Row(interval.Name, each => each.Coverage[interval.Name]);
        Row("a false alarm in any of 8 corrected tests", each => each.FalseAlarms);
        foreach (var condition in SimulatedModel.Conditions) Row($"{condition} told (power)", each => each.Power[condition]);
        return 0;

        void Row(string name, Func<ControlSimulation, double> share) => Console.WriteLine(
            $"| {name} | {string.Join(" | ", all.Select(each => string.Create(CultureInfo.InvariantCulture, $"{100 * share(each):0.0} %")))} |");
    }

    private static double[] FindTruth()
    {
        var sums = new double[Intervals.Length];
        for (var seed = 0; seed < TruthBenchmarks; seed++)
        {
            var drawn = new SimulatedModel(HasEffects: true).Draw(TruthCases, -1 - seed);
            for (var i = 0; i < sums.Length; i++) sums[i] += Intervals[i].Value(drawn) / TruthBenchmarks;
        }

        return sums;
    }

    private static bool IsAlarm(ConditionEffect effect) =>
        Math.Min(effect.AdjustedCaseP, effect.AdjustedQuestionP) <= ComparisonTable.Alpha;

    private static Shown[] OfCondition(string condition)
    {
        ConditionEffect Effect(ModelControls model) => model.Effects.First(effect => effect.Condition == condition);
        return
        [
            new($"{condition}: question accuracy (clustered)", m => Effect(m).Questions.Value, m => Effect(m).QuestionInterval),
            new($"{condition}: case accuracy (Wilson)", m => Effect(m).Cases.Value, m => Effect(m).CaseInterval),
            new($"{condition}: difference on questions (paired)", m => Effect(m).QuestionDifference.Difference,
                m => Effect(m).QuestionDifferenceInterval),
            new($"{condition}: difference on cases (Tango)", m => Effect(m).CaseDifference.Difference,
                m => Effect(m).CaseDifferenceInterval),
        ];
    }

    private sealed record Shown(string Name, Func<ModelControls, double> Value, Func<ModelControls, Interval> Interval);
}
