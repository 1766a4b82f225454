using LiveClin.Benchmarks.Weaknesses;

namespace LiveClin.Stats.Tests.Controls;

/// <summary>
/// Examinees with one planted weakness each, served and asked over HTTP by real processes under every condition: the command finds what was
/// planted, at the corrected 5 % level, and nothing else.
/// </summary>
public sealed class ServedWeaknessTests(ServedWeaknessTests.Examined examined) : IClassFixture<ServedWeaknessTests.Examined>
{
    // An examinee that draws raises a false alarm in one of twenty trials at the 5 % level; here in one of thousands.
    private const double AlmostCertain = 1e-4;

    public static TheoryData<string> Examinees { get; } =
        [.. PlantedWeakness.All.Where(each => each.Examinee != "noisy-60").Select(each => each.Examinee)];

    [Theory]
    [MemberData(nameof(Examinees))]
    public void The_controls_find_what_was_planted_and_no_other(string examinee)
    {
        var (weakness, effects) = examined.Findings.Effects.Single(each => each.Weakness.Examinee == examinee);
        Assert.Empty(weakness.Differences(effects));
        Assert.Equal(PlantedWeakness.Conditions.Length - 1, effects.Count);
    }

    [Fact]
    public void Luck_shows_between_epochs_and_in_no_condition()
    {
        var noisy = examined.Findings.Effects.Single(each => each.Weakness.Examinee == "noisy-60");
        Assert.All(noisy.Effects, effect => Assert.True(effect.CorrectedP > AlmostCertain, $"{effect}"));
        // Drawn with 60 %: two epochs differ with 2·0.6·0.4. Who knows its answers never changes one.
        Assert.InRange(Flips("noisy-60"), 0.38, 0.58);
        Assert.Equal(0, Flips("knows-60"));

        double Flips(string examinee) =>
            examined.Findings.Luck.Single(each => each.Examinee.StartsWith($"simulated/{examinee}", StringComparison.Ordinal))
            .Luck.FlipRate;
    }

    /// <summary>All of them, examined once.</summary>
    public sealed class Examined : IAsyncLifetime
    {
        private const int Cases = 40;

        internal WeaknessFindings Findings { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Findings = await WeaknessBenchmark.ExamineAsync(Cases, PlantedWeakness.All, TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
