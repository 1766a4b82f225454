using LiveClin.Core.Answers;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Tests.Ledger;

public class BalancedAccuracyTests
{
    [Theory]
    [InlineData("AAAA AAA AB AC", 3)]
    [InlineData("AB CD EF", 6)]
    public void Always_the_same_letter_earns_one_in_as_many_as_there_are_key_letters(string keys, int letters)
    {
        var balanced = Of(keys, keys.Select(k => k == ' ' ? ' ' : 'A'));
        Assert.Equal((1.0 / letters, letters), (balanced.Value, balanced.Letters));
    }

    [Fact]
    public void With_one_key_letter_it_is_the_clustered_mean()
    {
        var set = SyntheticSets.Simulated(40, 0.3, 7, 0.6);
        var balanced = BalancedAccuracy.Of(set, set.Models[0]);
        var mean = ClusteredMean.Estimate([.. set.Cases.Select(c => new Ratio(set.Models[0].CorrectIn(c), c.Questions.Length))]);
        Assert.Equal(mean.Mean, balanced.Value, 1e-12);
        Assert.Equal(mean.StandardError, balanced.StandardError, 1e-12);
        Assert.Equal(mean.Interval(), balanced.Interval());
    }

    // Independent questions are strata by letter: variance Σ p(1−p)/n over the letters, divided by their number squared.
    [Fact]
    public void Of_single_questions_the_error_is_that_of_a_stratified_mean()
    {
        var keys = string.Join(' ', "AAAAAAAABBBBCC".ToCharArray());
        var balanced = Of(keys, string.Join(' ', "AAAAAABCBBBACA".ToCharArray()));
        Assert.Equal((0.75 + 0.75 + 0.5) / 3, balanced.Value, 1e-12);
        var variance = ((0.75 * 0.25 / 8) + (0.75 * 0.25 / 4) + (0.5 * 0.5 / 2)) / 9;
        Assert.Equal(Math.Sqrt(variance * 14 / 13), balanced.StandardError, 1e-12);
    }

    [Fact]
    public void Failures_count_as_wrong_and_nothing_is_made_of_nothing()
    {
        Assert.Equal(0.5, Of("AA BB", "A? B?").Value);
        var set = SyntheticSets.Counts([2], ("m", [null]));
        var balanced = BalancedAccuracy.Of(set, set.Models[0]);
        Assert.Equal((double.NaN, Interval.None), (balanced.Value, balanced.Interval()));
    }

    // Keys and chosen letters of the questions; a space ends a case, a question mark is a failure.
    private static BalancedAccuracy Of(string keys, IEnumerable<char> chosen)
    {
        var builder = new ResultSetBuilder("balanced");
        var answers = new Queue<char>(chosen.Where(c => c != ' '));
        var cases = keys.Split(' ')
            .Select((k, index) =>
            builder.AddCase(new CaseFacts { Id = $"{index}", FileName = $"{index}.json",
            Questions = [.. k.Select((key, i) => new QuestionFacts { Index = i, Key = $"{key}" })] })).ToList();
        var model = builder.AddModel("m");
        foreach (var @case in cases)
        {
            var places = model.Cover(@case);
            for (var i = 0; i < places.Length; i++)
            {
                var letter = answers.Dequeue();
                var outcome = letter == '?' ? Outcome.Failed : $"{letter}" == @case.Questions[i].Key ? Outcome.Correct : Outcome.Wrong;
                places[i] = new AnswerFacts(outcome, letter == '?' ? null : letter, ExtractionRule.Boxed, letter != '?', null, null);
            }
        }

        var set = builder.Build();
        return BalancedAccuracy.Of(set, set.Models[0]);
    }
}
