using LiveClin.Core.Costs;
using LiveClin.Core.Failures;
using LiveClin.Core.Text;
using LiveClin.Evaluator.V1;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Pages.Shell;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Pages.Runs;

/// <summary>How runs are described on pages: what was asked, how much of it, what came of it.</summary>
internal static class RunText
{
    /// <summary>The model's name plus what differs from its namesakes.</summary>
    public static string Label(Run run) => TextRun.Name(run.Label.Length > 0 ? run.Label : run.Model);

    /// <summary>published · 3 epochs · images by address.</summary>
    public static string Asked(Run run)
    {
        var condition = run.Condition.Length > 0 ? run.Condition : Core.Results.RunSpecification.Published;
        var epochs = run.Epochs > 1 ? $"{run.Epochs} epochs" : "1 epoch";
        return TextRun.Plain($"{condition} · {epochs}{(run.ImageMode == ImageMode.Url ? " · images by address" : "")}");
    }

    /// <summary>{"temperature":0}, or that nothing was set.</summary>
    public static string Parameters(Run run) => run.ParametersJson is "" or "{}" ? "no parameters" : TextRun.Plain(run.ParametersJson);

    /// <summary>16 of 16 cases, or a dash.</summary>
    public static string Coverage(Run run) =>
        run.Coverage is { } coverage ? $"{Show.Number(coverage.CasesCovered)} of {Show.Number(coverage.CasesInRelease)} cases" : "–";

    /// <summary>True when it covers only a part of its release.</summary>
    public static bool IsPartial(Run run) => run.Coverage is { } coverage && coverage.CasesCovered < coverage.CasesInRelease;

    /// <summary>Cases right, over all epochs of the target.</summary>
    public static Ratio Cases(Run run) => new(run.Progress?.CasesCorrect ?? 0, run.Progress?.CasesTotal ?? 0);

    /// <summary>Questions right, over all epochs of the target.</summary>
    public static Ratio Questions(Run run) => new(run.Progress?.Outcomes?.Correct ?? 0, run.Progress?.QuestionsTotal ?? 0);

    /// <summary>3 timeout, 1 http_500; empty without failures.</summary>
    public static string Failures(Run run) =>
        string.Join(", ", run.Failures.Select(failure => FailureText.Of(failure.Kind, failure.Questions, failure.Cause)));

    /// <summary>120,000 + 4,500: prompt and reply tokens over all epochs, or a dash.</summary>
    public static string Tokens(Run run) =>
        run.Usage is { HasInputTokens: true, HasOutputTokens: true } usage
            ? $"{Show.Number(usage.InputTokens)} + {Show.Number(usage.OutputTokens)}" : "–";

    /// <summary>What its answers cost, over all epochs; null without a price, or where a reply's tokens were not counted.</summary>
    public static double? Cost(Run run, Price? price) =>
        price is not null && run.Usage is { HasInputTokens: true, HasOutputTokens: true, RepliesUncounted: 0 } usage
        ? price.CostOf(usage.InputTokens, usage.CachedTokens, usage.OutputTokens)
        : null;

    /// <summary>From beginning to end, or a dash.</summary>
    public static string Duration(Run run) =>
        run is { StartedAt: { } started, FinishedAt: { } finished }
            ? Show.Duration(finished.ToDateTimeOffset() - started.ToDateTimeOffset()) : "–";
}
