using LiveClin.Benchmarks.Fuzzing;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Fuzzing;

/// <summary>A short part of <c>tests/LiveClin.Benchmarks -- fuzz</c>, with a seed that is always the same.</summary>
public sealed class FuzzTests
{
    [Fact]
    public async Task Changed_inputs_are_read_or_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["work"]);
        using var output = new StringWriter();
        var targets = FuzzTargets.Make(folder["work"]);
        var left = 300 * targets.Count;
        Assert.True(await FuzzLoop.RunAsync(targets, seed: 12, () => left-- > 0, output) == 0, output.ToString());
    }
}
