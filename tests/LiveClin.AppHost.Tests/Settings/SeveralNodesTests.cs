using LiveClin.AppHost.Settings;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Tests.Settings;

/// <summary>What a model needs that is spread over nodes.</summary>
public sealed class SeveralNodesTests
{
    [Theory]
    [InlineData("Nodes=2 Tp=8", "2", null)]
    [InlineData("Nodes=2 Tp=3 Pp=4", "3", null)]
    [InlineData("Nodes=2 Tp=8 Dp=2 Args:0=--enable-dp-attention", "2", null)]
    [InlineData("Nodes=2 Tp=8", null, "2 nodes are had from Slurm, by a job: sbatch --nodes=2 ")]
    [InlineData("Nodes=4 Tp=8", "2", "the job has 2 of the 4 nodes. Start it with sbatch --nodes=4.")]
    [InlineData("Nodes=3 Tp=8", "3", "Tp × Pp = 8 cannot be shared evenly by 3 nodes.")]
    [InlineData("Nodes=2 Tp=8 Dp=2", "2", "SGLang shares a Dp above 1 among nodes only with ")]
    [InlineData("Nodes=2 Tp=8 Dp=2 Router=true Args:0=--enable-dp-attention", "2", "a model behind a Router is served by one node.")]
    [InlineData("Nodes=2 Tp=8 Server=vllm", "2", "only a model with Server 'sglang' can be served by several nodes.")]
    [InlineData("Nodes=0", "2", "0 is less than 1.")]
    public void Is_checked_before_anything_starts(string settings, string? nodes, string? problem)
    {
        var model = Read(settings, variable => variable switch { "SLURM_JOB_NUM_NODES" => nodes, "SLURMD_NODENAME" => "n1", _ => null },
            out var failures);
        if (problem is null)
        {
            Assert.Empty(failures);
            Assert.Equal(new SlurmAllocation(int.Parse(nodes!, System.Globalization.CultureInfo.InvariantCulture), "n1"), model.Allocation);
        }
        else
        {
            Assert.StartsWith($"Models:0:Nodes: {problem}", Assert.Single(failures), StringComparison.Ordinal);
        }
    }

    private static ModelSettings Read(string settings, Func<string, string?> variable, out List<string> failures)
    {
        var pairs = settings.Split(' ').Select(pair => pair.Split('=', 2)).Prepend(["Path", "org/m"]).Prepend(["Server", "sglang"])
            .GroupBy(pair => pair[0]).Select(same => KeyValuePair.Create($"Models:0:{same.Key}", (string?)same.Last()[1]));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(pairs).Build();
        failures = [];
        return new ModelReader(configuration, failures, [], variable, keysNeeded: true).Read(configuration.GetSection("Models:0"));
    }
}
