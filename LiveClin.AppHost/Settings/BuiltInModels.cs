using System.Text.RegularExpressions;

namespace LiveClin.AppHost.Settings;

/// <summary>The built-in examinees: floors, which know no medicine, and simulated examinees, whose true ability is known.</summary>
internal static partial class BuiltInModels
{
    /// <summary>
    /// Stands for the constant letter that scores best on the release; which one that is becomes known when the release is read.
    /// </summary>
    public const string BestConstant = "baseline/best-constant";

    private const string SimulatedPrefix = "simulated/";

    /// <summary>
    /// What is evaluated when no model is configured: the floors, one of each kind, and examinees with which the first leaderboard tells
    /// two apart, cannot tell two others apart, and shows what guessing, forgetting, remembering letters and looking at figures do to a
    /// score.
    /// </summary>
    public static IReadOnlyList<ModelSettings> Default { get; } =
    [
        .. new[] { BestConstant, "baseline/random", "baseline/longest-option", "baseline/overlap" }
            .Select(id => Model(id) with { IsInFloorBlock = true, Conditions = [Sweep.ModelRun.Published] }),
        .. new[] { "knows-90", "knows-65", "first-guess-60" }
            .Select(examinee => Model(SimulatedPrefix + examinee) with { Conditions = [Sweep.ModelRun.Published] }),
        // They know as much; what their scores are made of only the conditions tell: nothing else, the figures, the options' places, the
        // own history.
        .. new[] { "knows-60", "sighted-60", "memorised-60", "forgetful-60" }
            .Select(examinee => Model(SimulatedPrefix + examinee) with { Conditions = Demonstrated }),
    ];

    private static IReadOnlyList<string> Demonstrated => [Sweep.ModelRun.Published, "shuffled:1", "no-images", "gold-history"];

    /// <summary>What may be asked for, in words.</summary>
    public const string Names =
        "baseline/always-A to baseline/always-J, baseline/best-constant, baseline/random, baseline/longest-option, baseline/overlap, " +
        "and simulated/knows-60 and its like (dotnet run --project LiveClin.Evaluator -- baseline --help)";

    /// <summary>
    /// True when the name can be a built-in examinee's; whether there is such a kind of simulated ones, their server says.
    /// </summary>
    public static bool Exists(string apiId) => Pattern().IsMatch(apiId);

    /// <summary>True for the name of a simulated examinee.</summary>
    public static bool IsSimulated(string apiId) => apiId.StartsWith(SimulatedPrefix, StringComparison.Ordinal);

    /// <summary>A built-in examinee under its own name.</summary>
    public static ModelSettings Model(string id) => new() { Name = id, ApiId = id, Server = ServerKind.Baseline };

    [GeneratedRegex(@"^(baseline/(always-[A-J]|best-constant|random|longest-option|overlap)|simulated/[a-z-]+-\d{1,3})$")]
    private static partial Regex Pattern();
}
