using LiveClin.Stats.Epochs;

namespace LiveClin.Stats.Service;

/// <summary>Epochs in the contract's form.</summary>
internal static class EpochMapping
{
    public static V1.Epochs? ToMessage(EpochStatistics? epochs)
    {
        if (epochs is null) return null;
        var message = new V1.Epochs
        {
            Count = epochs.Epochs,
            QuestionMean = epochs.Questions.Mean,
            QuestionInterval = epochs.Questions.Interval.ToMessage(),
            CaseMean = epochs.Cases.Mean,
            CaseInterval = epochs.Cases.Interval.ToMessage(),
            WithinQuestionVariance = epochs.WithinQuestionVariance,
            BetweenCaseVariance = epochs.BetweenCaseVariance,
            RightInAll = epochs.RightInAll.ToMessage(),
            RightInAny = epochs.RightInAny.ToMessage(),
            RightByMajority = epochs.RightByMajority.ToMessage(),
            FlipRate = epochs.FlipRate,
            Statement = epochs.Statement,
        };
        if (double.IsFinite(epochs.Questions.StandardError)) message.QuestionStandardError = epochs.Questions.StandardError;
        if (epochs.MoreEpochs is { } more) message.MoreEpochs = more;
        return message;
    }
}
