using LiveClin.Benchmarks.Statistics;

namespace LiveClin.Benchmarks.Load;

/// <summary>What the statistics service is asked under load: all that computes.</summary>
internal static class ExpensiveCalls
{
    private static readonly Func<Random, (string Kind, string Path)>[] All =
    [
        _ => ("/v1/statistics", "/v1/statistics"),
        _ => ("/v1/leaderboard", "/v1/leaderboard"),
        _ => ("/v1/comparison", "/v1/comparison"),
        random => ("/v1/comparison of two", $"/v1/comparison?models={Model(random)}&models={Model(random)}"),
        random => ("/v1/models/x", $"/v1/models/{Model(random)}"),
        random => ("/v1/report", $"/v1/report?format={Pick(random, "html", "markdown", "json", "csv")}"),
        random => ("plots", $"/plots/{Pick(random, "case-accuracy", "forest", "heat-map", "position", "difficulty")}.{Pick(random, "svg", "png", "pdf")}"),
        random => ("pages", Pick(random, "/", "/cases", "/items", "/slices", "/compare", $"/model?name={Model(random)}")),
    ];

    /// <summary>One of them.</summary>
    public static (string Kind, string Path) Draw(Random random) => All[random.Next(All.Length)](random);

    private static string Model(Random random) => GeneratedStore.ModelName(random.Next(GeneratedStore.Models));

    private static string Pick(Random random, params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];
}
