using System.Globalization;

namespace LiveClin.AppHost.Settings;

/// <summary>The nodes of the Slurm job that this program runs in, as its first node sees them.</summary>
/// <param name="Nodes">Number of nodes.</param>
/// <param name="FirstNode">Name of this node, under which the others reach it.</param>
internal sealed record SlurmAllocation(int Nodes, string FirstNode)
{
    /// <summary>Reads the variables of a job; null outside of one, and on a login node.</summary>
    public static SlurmAllocation? Find(Func<string, string?> variable) =>
        int.TryParse(variable("SLURM_JOB_NUM_NODES"), NumberStyles.None, CultureInfo.InvariantCulture, out var nodes)
            && variable("SLURMD_NODENAME") is { } node
            ? new SlurmAllocation(nodes, node) : null;
}
