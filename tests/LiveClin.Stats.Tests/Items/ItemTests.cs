using LiveClin.Stats.Items;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Tests.Items;

public class ItemTests
{
    // NumPy: item = [1,1,0,0], rest = ([3,2,2,0] - item) / 3 without the item; numpy.corrcoef(item, rest)[0,1] = 0.3015113445777637.
    [Fact]
    public void The_point_biserial_correlates_an_item_with_the_rest()
    {
        var set = SyntheticSets.Counts([1, 3], ("a", [1, 2]), ("b", [1, 1]), ("c", [0, 2]), ("d", [0, 0]));
        var analysis = ItemAnalysis.Of(set);
        Assert.Equal(0.3015113445777637, analysis.Items[0].PointBiserial, 12);
        Assert.Equal(new Ratio(2, 4), analysis.Items[0].Correct);
        Assert.Equal((2, 2), (analysis.Items[0].Chosen['A'], analysis.Items[0].Chosen['B']));
        Assert.True(double.IsNaN(ItemAnalysis.Of(set.WithModels(m => m.Model is "a" or "b")).Items[0].PointBiserial));
    }

    [Fact]
    public void A_question_that_all_good_models_miss_with_one_letter_is_suspect()
    {
        var analysis = ItemAnalysis.Of(FiveGood("BBBBB"));
        Assert.Equal(["a", "b", "c", "d", "e"], analysis.GoodModels); // "poor" is below the floor
        Assert.Null(analysis.Missing);
        var suspect = Assert.Single(analysis.Suspects);
        Assert.Equal(("0", 'B', new Ratio(5, 5)), (suspect.CaseId, suspect.GoodModelsPrefer, suspect.MissedByGood));
    }

    [Theory]
    [InlineData("BBBCC", 'B')] // three of five are more than half
    [InlineData("BBCCD", null)] // a tie
    [InlineData("BBBCCC", null)] // half is no majority
    [InlineData("BBCDE", null)]
    public void Only_a_strict_majority_of_good_models_prefers_a_letter(string chosen, char? preferred) =>
        Assert.Equal(preferred, ItemAnalysis.Of(FiveGood(chosen)).Items[0].GoodModelsPrefer);

    [Theory]
    [InlineData("B", "there is 1: a.")]
    [InlineData("BBBB", "there are 4: a, b, c, d.")]
    public void With_fewer_than_five_good_models_nothing_is_concluded_and_the_analysis_says_what_is_missing(string chosen, string missing)
    {
        var analysis = ItemAnalysis.Of(FiveGood(chosen));
        Assert.Empty(analysis.Suspects);
        Assert.All(analysis.Items, item => Assert.Null(item.GoodModelsPrefer));
        Assert.Equal($"Nothing is concluded about keys: it takes at least 5 models that lie above the best floor (always-A, 35.0 %) with the whole 95 % interval of their difference to it; {missing}", analysis.Missing);
    }

    [Fact]
    public void Models_that_do_not_exceed_a_baseline_are_not_good()
    {
        var set = FiveGood("BBBBB");
        set = new ResultSet(set.Release, null, set.Cases, [.. set.Models.Select(m => m.Model == "e" ? m with { ApiId = "baseline/e" } : m)],
            []);
        var analysis = ItemAnalysis.Of(set);
        Assert.Equal(("e", 0), (analysis.Floor!.Name, analysis.GoodModels.Length));
        Assert.EndsWith("there is none.", analysis.Missing, StringComparison.Ordinal);
    }

    // 40 cases of one question whose keys take turns over three letters, so that a constant letter and the longest option get a third:
    // the first case is missed by all, each with the letter given; the others are right. One more model is always wrong.
    private static ResultSet FiveGood(string chosen)
    {
        const int Cases = 40;
        var placed = SyntheticSets.Counts([.. Enumerable.Repeat(1, Cases)])
            .Cases.Select((c, i) => c with { Questions = [c.Questions[0] with { Key = "ABC"[i % 3].ToString() }] }).ToList();
        var builder = new ResultSetBuilder("items");
        var cases = placed.ConvertAll(builder.AddCase);
        foreach (var (i, letter) in chosen.Index())
        {
            var model = builder.AddModel(((char)('a' + i)).ToString());
            foreach (var @case in cases) model.Cover(@case)[0] = @case.Index == 0
                ? SyntheticSets.Answer(false, letter)
                : SyntheticSets.Answer(true) with { Letter = @case.Questions[0].Key[0] };
        }

        var poor = builder.AddModel("poor");
        foreach (var @case in cases) poor.Cover(@case)[0] = SyntheticSets.Answer(false, 'C');
        return builder.Build();
    }

    [Fact]
    public void Survival_is_kaplan_meiers()
    {
        // Cases of 2, 3, 3 questions with 2, 1, 0 correct: 2/3 survive Q1; of two at risk at Q2 one fails; the two-question case is
        // censored.
        var set = SyntheticSets.Counts([2, 3, 3], ("m", [2, 1, 0]));
        var survival = Survival.Of(set, set.Models[0]);
        Assert.Equal([(1, 3, 1), (2, 2, 1), (3, 0, 0)], survival.Points.Select(p => (p.Position, p.AtRisk, p.FirstErrors)));
        Assert.Equal([2 / 3.0, 1 / 3.0, 1 / 3.0], survival.Points.Select(p => p.Surviving), (a, b) => Math.Abs(a - b) < 1e-15);
        Assert.Equal((new Ratio(0, 3), new Ratio(1, 2)), (survival.AfterError, survival.AfterSuccess));
    }

    // SciPy 1.10: scipy.stats.chi2_contingency([[7, 3, 0], [4, 3, 3]], correction=False) gives statistic 3.8181818181818183, p
    // 0.14821506633752016, dof 2.
    [Fact]
    public void Letter_bias_is_the_test_of_homogeneity()
    {
        var set = SyntheticSets.Counts([5, 5], ("m", [0, 0]));
        string keys = "AAAABBBCCC", chosen = "AAAAAAABBB";
        var builder = new ResultSetBuilder("letters");
        var @case = builder.AddCase(set.Cases[0] with
        {
            Questions = [.. keys.Select((key, i) => set.Cases[0].Questions[0] with { Index = i, Key = key.ToString() })],
        });
        var model = builder.AddModel("m");
        chosen.Select((letter, i) => SyntheticSets.Answer(letter == keys[i], letter) with { Letter = letter }).ToArray()
            .CopyTo(model.Cover(@case), 0);
        var letters = builder.Build();
        var bias = LetterBias.Of(letters, letters.Models[0]);
        Assert.Equal([('A', 7, 4), ('B', 3, 3), ('C', 0, 3)], bias.Letters.Select(l => (l.Letter, l.Chosen, l.Key)));
        Assert.Equal(3.8181818181818183, bias.ChiSquare, 12);
        Assert.Equal((2, 0.14821506633752016), (bias.DegreesOfFreedom, Math.Round(bias.P, 12)), (a, b) => a.Item1 == b.Item1
            && Math.Abs(a.Item2 - b.Item2) < 1e-10);
        var unmeasured = new ResultSet("letters", null,
            [letters.Cases[0] with { Questions = [.. letters.Cases[0].Questions.Select(q => q with { OptionLengths = [] })] }],
            letters.Models, []);
        Assert.True(double.IsNaN(LetterBias.Of(unmeasured, letters.Models[0]).LengthP)); // no lengths, no test
        // A is the longest option: chosen 7 times, key 4 times.
        Assert.Equal((new Ratio(7, 10), new Ratio(4, 10), 0.25), (bias.ChosenLongest, bias.KeyLongest, Math.Round(bias.LengthP, 12)));
    }
}
