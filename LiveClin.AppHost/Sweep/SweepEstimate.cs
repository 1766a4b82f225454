using LiveClin.AppHost.Settings;
using LiveClin.Core.Costs;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Sweep;

/// <summary>What a sweep would ask and take, before its first model; the built-in examinees, which cost nothing, are left out.</summary>
internal static class SweepEstimate
{
    /// <summary>
    /// A line for each model with its conditions together, and one for all where there are several; none when nothing is to be asked.
    /// </summary>
    /// <param name="runs">The sweep's runs.</param>
    /// <param name="planAsync">What starting a run would ask.</param>
    public static async Task<IReadOnlyList<string>> DescribeAsync(
        IReadOnlyList<ModelRun> runs, Func<ModelRun, Task<PlanRunResponse>> planAsync)
    {
        var asked = runs.Where(run => run.Model.Server != ServerKind.Baseline && run.Model.Problems.Count == 0);
        var models = new List<(string Name, double? Limit, RunEstimate Estimate)>();
        foreach (var model in asked.GroupBy(run => run.Server))
        {
            var whole = new RunEstimate();
            foreach (var run in model) Add(whole, (await planAsync(run)).Estimate);
            if (whole.Requests > 0) models.Add((model.First().Model.Name, model.First().Model.MaxCost, whole));
        }

        if (models.Count == 0) return [];
        List<string> lines =
        [
            .. models.Select(model =>
                $"{SweepText.Safe(model.Name)}: {SweepText.Estimate(model.Estimate)}{Limit(model.Limit, model.Estimate)}"),
        ];
        if (models.Count == 1) return lines;
        return [.. lines, $"All {models.Count} models: {SweepText.Estimate(Sum(models.Select(model => model.Estimate)))}"];
    }

    private static string Limit(double? limit, RunEstimate estimate) =>
        limit is { } most ? $"; the limit is {MoneyText.Of(most, estimate.Currency)}" : "";

    private static RunEstimate Sum(IEnumerable<RunEstimate> estimates)
    {
        var sum = new RunEstimate();
        foreach (var estimate in estimates) Add(sum, estimate);
        return sum;
    }

    // The settings have one currency; what has no price adds nothing.
    private static void Add(RunEstimate sum, RunEstimate estimate)
    {
        sum.Requests += estimate.Requests;
        sum.InputTokens += estimate.InputTokens;
        sum.ImageTokens += estimate.ImageTokens;
        sum.RepeatedInputTokens += estimate.RepeatedInputTokens;
        sum.OutputTokens += estimate.OutputTokens;
        if (!estimate.HasCost) return;
        (sum.Cost, sum.CachedCost, sum.Currency) = (sum.Cost + estimate.Cost, sum.CachedCost + estimate.CachedCost, estimate.Currency);
    }
}
