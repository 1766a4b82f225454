using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.Service;

/// <summary>An estimate as the contract has it.</summary>
internal static class EstimateMapping
{
    public static V1.RunEstimate ToMessage(this RunEstimate estimate) => new()
    {
        Requests = estimate.Requests,
        InputTokens = estimate.InputTokens,
        RepeatedInputTokens = estimate.RepeatedInputTokens,
        OutputTokens = estimate.OutputTokens,
    };
}
