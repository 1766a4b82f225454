using LiveClin.Benchmarks.Simulations;

namespace LiveClin.Stats.Tests.Controls;

/// <summary>
/// A small part of what the benchmark project simulates at full length (docs/statistics.md): the same draws, fewer of them.
/// </summary>
public sealed class ControlSimulationTests
{
    private const int Benchmarks = 200, Cases = 60;

    private static readonly Lazy<ControlSimulation> Simulation = new(() => ControlSimulation.Run(Benchmarks, Cases));

    [Fact]
    public void Every_interval_that_is_printed_holds_the_truth_about_as_often_as_it_says() =>
        // 95 %, and below it three and a half standard errors of 200 draws.
        Assert.All(Simulation.Value.Coverage, each => Assert.True(each.Value >= 0.895, $"{each.Key}: {each.Value}"));

    [Fact]
    public void False_alarms_stay_at_the_level_and_effects_are_found()
    {
        Assert.InRange(Simulation.Value.FalseAlarms, 0, 0.1); // 5 % and three standard errors
        Assert.InRange(Simulation.Value.Power["no-case"], 0.75, 1);
        Assert.InRange(Simulation.Value.Power["no-images"], 0.55, 1);
    }
}
