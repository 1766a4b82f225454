using System.Collections.Immutable;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Epochs;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>Works out the effects of a model's conditions; both tests of every condition are one family for the correction.</summary>
internal static class EffectBuilder
{
    public static ImmutableArray<ConditionEffect> Build(IReadOnlyList<ChangedQuestions> conditions)
    {
        var questionP = SignFlipTest.Paired([.. conditions.Select(changed =>
            (int[])[.. changed.OtherCorrect.Zip(changed.PublishedCorrect, (other, published) => other - published)])]);
        List<ConditionEffect> effects = [.. conditions.Select((changed, i) => Build(changed, questionP[i]))];
        // A condition that asked nothing, or to which nobody replied, is no test.
        var questions = effects.Where(effect => effect.IsTested).ToList();
        var cases = effects.Where(effect => effect.AreCasesTested).ToList();
        var adjusted = Holm.Adjust([.. questions.Select(effect => effect.QuestionP), .. cases.Select(effect => effect.CaseP)]);
        return
        [
            .. effects.Select(effect => effect with
            {
                AdjustedQuestionP = questions.IndexOf(effect) is >= 0 and var question ? adjusted[question] : 1,
                AdjustedCaseP = cases.IndexOf(effect) is >= 0 and var place ? adjusted[questions.Count + place] : 1,
            }),
        ];
    }

    private static ConditionEffect Build(ChangedQuestions changed, double questionP)
    {
        var (published, other) = (changed.Published, changed.Other);
        var wholeCases = changed.WholeCases;
        int[] wholePublished = [.. wholeCases.Select(clinicalCase => published.IsCaseCorrect(clinicalCase) ? 1 : 0)];
        int[] whole = [.. wholeCases.Select(clinicalCase => other.IsCaseCorrect(clinicalCase) ? 1 : 0)];
        var gained = whole.Zip(wholePublished).Count(pair => pair.First > pair.Second);
        var lost = whole.Zip(wholePublished).Count(pair => pair.First < pair.Second);
        // Cases in which nothing is changed say nothing about a difference of questions.
        var cases = changed.Cases.Select(clinicalCase => clinicalCase.Index).Where(index => changed.Total[index] > 0).ToList();
        var positions = changed.Positions.ToList();
        return new ConditionEffect
        {
            Condition = other.Condition,
            RunId = other.RunId,
            Review = other.Asked?.Review,
            PublishedQuestions = new Ratio(changed.PublishedCorrect.Sum(), changed.Total.Sum()),
            Questions = new Ratio(changed.OtherCorrect.Sum(), changed.Total.Sum()),
            QuestionInterval = ClusteredMean.Estimate(
                [.. cases.Select(index => new Ratio(changed.OtherCorrect[index], changed.Total[index]))]).Interval(),
            PublishedCases = new Ratio(wholePublished.Sum(), whole.Length),
            Cases = new Ratio(whole.Sum(), whole.Length),
            QuestionDifference = PairedDifference.Estimate(
                [.. cases.Select(index => changed.OtherCorrect[index])], [.. cases.Select(index => changed.PublishedCorrect[index])],
                [.. cases.Select(index => changed.Total[index])]),
            CaseDifference = PairedDifference.Estimate([.. whole], [.. wholePublished], [.. whole.Select(_ => 1)]),
            Lost = positions.Count(position => published.Answers[position].IsCorrect && !other.Answers[position].IsCorrect),
            Gained = positions.Count(position => !published.Answers[position].IsCorrect && other.Answers[position].IsCorrect),
            OtherChoice = positions.Count(position => published.Answers[position].Letter != other.Answers[position].Letter),
            PublishedWithoutReply = positions.Count(position => !published.Answers[position].HasReply),
            WithoutReply = positions.Count(position => !other.Answers[position].HasReply),
            CasesGained = gained,
            CasesLost = lost,
            CaseP = McNemar.Exact(gained, lost),
            QuestionP = questionP,
            Epochs = EpochStatistics.Of(other, changed.Cases),
        };
    }
}
