using System.Globalization;
using LiveClin.ServiceDefaults.Rpc;
using LiveClin.Stats.Controls;
using LiveClin.Stats.V1;

namespace LiveClin.Stats.Service;

/// <summary>What scores are made of, in the contract's form.</summary>
internal static class ControlMapping
{
    public static GetControlsResponse ToMessage(ControlBoard board) => new()
    {
        Models = { board.Models.Select(ToMessage) },
        Conditions = { board.Conditions },
        Correction = ControlText.CorrectionOfAll,
        Summary = ControlFindings.Of(board.Models),
    };

    private static V1.ModelControls ToMessage(Controls.ModelControls controls) => new()
    {
        Model = controls.Model,
        RunId = controls.RunId ?? "",
        Kind = EnumByName<ModelKind>.Of(controls.Kind),
        Questions = controls.Answered.ToMessage(),
        QuestionInterval = controls.QuestionInterval.ToMessage(),
        Cases = controls.Cases.ToMessage(),
        CaseInterval = controls.CaseInterval.ToMessage(),
        Steps = { controls.Steps.Select(ToMessage) },
        Floor = controls.Floor is { } floor ? FloorMapping.ToMessage(floor) : null,
        Mirage = { controls.Mirage.Select(ToMessage) },
        Order = controls.Order is { } order ? ToMessage(order) : null,
        Errors = ToMessage(controls.Errors),
        History = controls.History is { } history ? ToMessage(history) : null,
        Luck = EpochMapping.ToMessage(controls.Luck),
        LuckCommand = controls.LuckCommand ?? "",
        MissingCommand = controls.MissingCommand ?? "",
        Tests = controls.Tests,
        Partial = controls.IsPartial,
        Sentences = { ControlText.Sentences(controls) },
        CasesWithoutWrongKeys = controls.WithoutWrongKeys?.Cases.ToMessage(),
        QuestionsWithoutWrongKeys = controls.WithoutWrongKeys?.Questions.ToMessage(),
        Recency = controls.Recency is { } recency ? ToMessage(recency) : null,
    };

    private static V1.ControlStep ToMessage(Controls.ControlStep step) => new()
    {
        Condition = step.Condition, Meaning = step.Meaning, Command = step.Command ?? "", Sentence = step.Sentence,
        Effect = step.Effect is { } effect ? ToMessage(effect) : null,
    };

    private static V1.ConditionEffect ToMessage(Controls.ConditionEffect effect)
    {
        var message = new V1.ConditionEffect
        {
            RunId = effect.RunId ?? "",
            Review = effect.Review is { } review
                ? new ConditionReview { Changed = review.Changed, Reviewed = review.Reviewed, Kept = review.Kept } : null,
            PublishedQuestions = effect.PublishedQuestions.ToMessage(),
            Questions = effect.Questions.ToMessage(),
            QuestionInterval = effect.QuestionInterval.ToMessage(),
            QuestionDifferenceInterval = effect.QuestionDifferenceInterval.ToMessage(),
            PublishedCases = effect.PublishedCases.ToMessage(),
            Cases = effect.Cases.ToMessage(),
            CaseDifferenceInterval = effect.CaseDifferenceInterval.ToMessage(),
            Lost = effect.Lost,
            Gained = effect.Gained,
            OtherChoice = effect.OtherChoice,
            PublishedWithoutReply = effect.PublishedWithoutReply,
            WithoutReply = effect.WithoutReply,
            Epochs = EpochMapping.ToMessage(effect.Epochs),
        };
        if (double.IsFinite(effect.QuestionDifference.Difference)) message.QuestionDifference = effect.QuestionDifference.Difference;
        if (double.IsFinite(effect.CaseDifference.Difference)) message.CaseDifference = effect.CaseDifference.Difference;
        if (effect.AreCasesTested) (message.CaseP, message.AdjustedCaseP) = (effect.CaseP, effect.AdjustedCaseP);
        if (effect.IsTested) (message.QuestionP, message.AdjustedQuestionP) = (effect.QuestionP, effect.AdjustedQuestionP);
        return message;
    }

    private static V1.MirageScore ToMessage(Controls.MirageScore mirage)
    {
        var message = new V1.MirageScore
        {
            Condition = mirage.Condition,
            Interval = mirage.Interval.ToMessage(),
            OtherChoice = mirage.OtherChoice.ToMessage(),
        };
        if (double.IsFinite(mirage.Value)) message.Value = mirage.Value;
        return message;
    }

    private static V1.OrderControl ToMessage(Controls.OrderControl order) => new()
    {
        Orders = { order.Orders.Select(ToMessage) },
        Consistent = order.Consistent.ToMessage(),
        ConsistentInterval = order.ConsistentInterval.ToMessage(),
        RightInAll = order.RightInAll.ToMessage(),
        RightInAllInterval = order.RightInAllInterval.ToMessage(),
        RightInAny = order.RightInAny.ToMessage(),
    };

    private static V1.OrderRecall ToMessage(Controls.OrderRecall recall)
    {
        var message = new V1.OrderRecall { Condition = recall.Condition, Questions = recall.Questions.ToMessage() };
        foreach (var (letter, right) in recall.Letters) message.Letters[letter.ToString()] = right.ToMessage();
        if (double.IsFinite(recall.Spread)) message.Spread = recall.Spread;
        return message;
    }

    private static V1.ErrorPropagation ToMessage(Controls.ErrorPropagation errors)
    {
        var message = new V1.ErrorPropagation
        {
            WrongAfterWrong = errors.WrongAfterWrong.ToMessage(), WrongAfterRight = errors.WrongAfterRight.ToMessage(),
            RatioInterval = errors.RatioInterval.ToMessage(),
        };
        if (double.IsFinite(errors.Ratio)) message.Ratio = errors.Ratio;
        return message;
    }

    private static V1.HistoryControl ToMessage(Controls.HistoryControl history)
    {
        var message = new V1.HistoryControl { Published = history.Published.ToMessage(), Gold = history.Gold.ToMessage() };
        if (double.IsFinite(history.PublishedIfIndependent)) message.PublishedIfIndependent = history.PublishedIfIndependent;
        if (double.IsFinite(history.GoldIfIndependent)) message.GoldIfIndependent = history.GoldIfIndependent;
        return message;
    }

    private static V1.RecencyGap ToMessage(Controls.RecencyGap gap)
    {
        var message = new V1.RecencyGap
        {
            Cutoff = gap.Cutoff.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            BeforeCases = gap.Before.Clusters, AfterCases = gap.After.Clusters, Undated = gap.Undated,
            Interval = gap.Interval().ToMessage(), Caveat = Controls.RecencyGap.Caveat,
        };
        if (double.IsFinite(gap.Before.Mean)) message.Before = gap.Before.Mean;
        if (double.IsFinite(gap.After.Mean)) message.After = gap.After.Mean;
        if (double.IsFinite(gap.Difference)) message.Difference = gap.Difference;
        return message;
    }
}
