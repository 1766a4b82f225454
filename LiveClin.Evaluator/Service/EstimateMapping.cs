using LiveClin.Core.Costs;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.Service;

/// <summary>An estimate as the contract has it.</summary>
internal static class EstimateMapping
{
    /// <param name="estimate">The estimate.</param>
    /// <param name="price">What tokens cost; null where that is not known.</param>
    public static V1.RunEstimate ToMessage(this RunEstimate estimate, Price? price)
    {
        var message = new V1.RunEstimate
        {
            Requests = estimate.Requests,
            InputTokens = estimate.InputTokens,
            RepeatedInputTokens = estimate.RepeatedInputTokens,
            OutputTokens = estimate.OutputTokens,
            ImageTokens = estimate.ImageTokens,
        };
        if (price is null) return message;
        (message.Cost, message.CachedCost, message.Currency) = (estimate.CostAt(price), estimate.CachedCostAt(price), price.Currency);
        return message;
    }
}
