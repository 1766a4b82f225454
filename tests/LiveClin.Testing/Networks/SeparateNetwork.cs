using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace LiveClin.Testing.Networks;

/// <summary>
/// Another machine as far as the network goes (a network namespace of Linux): programs in it reach this one under two addresses, of which
/// that of the database can be cut off as by a switch that fails: no end is told. It ends with this process, however that ends.
/// </summary>
public sealed class SeparateNetwork : IAsyncDisposable
{
    // Of the range for tests of network devices (RFC 2544): four addresses for the database's line, four for the other.
    private const int Range = (198 << 24) | (18 << 16), Blocks = 1 << 14, BlockSize = 8;

    private const string Join =
        """
        pid=$1 name=$2
        ip link add "$name" type veth peer name line netns "$pid"
        ip addr add "$3/30" dev "$name"; ip addr add "$5/30" dev "$name"; ip link set "$name" up
        nsenter --target "$pid" --net sh -ec 'ip addr add "$1/30" dev line; ip addr add "$2/30" dev line; ip link set line up' sh "$4" "$6"
        """;

    // Frames to this address arrive at nobody.
    private const string Nobody = "02:00:00:00:00:01";

    private static int _made;
    private readonly Process _holder;
    private readonly string _link;

    private SeparateNetwork(Process holder, int number)
    {
        (_holder, _link) = (holder, string.Create(CultureInfo.InvariantCulture, $"lc{holder.Id}"));
        var first = Range + (number % Blocks * BlockSize);
        IPAddress At(int offset) => new([(byte)(first >> 24), (byte)(first >> 16), (byte)(first >> 8), (byte)(first + offset)]);
        (Database, Own, Models, OwnToModels) = (At(1), At(2), At(5), At(6));
    }

    /// <summary>This machine, as the programs see it, on the line that can be cut.</summary>
    public IPAddress Database { get; }

    /// <summary>The programs, as this machine sees them, on that line.</summary>
    public IPAddress Own { get; }

    /// <summary>This machine, as the programs see it, on the other line.</summary>
    public IPAddress Models { get; }

    private IPAddress OwnToModels { get; }

    /// <summary>Why there can be none here; null where there can.</summary>
    public static async Task<string?> FindObstacleAsync()
    {
        try
        {
            await RunAsync("unshare", "--net", "ip", "link", "add", "line", "type", "veth", "peer", "name", "end");
            return null;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"No network namespace can be made here (it needs Linux, root, and the packages iproute2 and util-linux): {error.Message}";
        }
    }

    /// <summary>Makes one.</summary>
    public static async Task<SeparateNetwork> StartAsync()
    {
        // Lives as long as its input is open.
        var holder = Process.Start(new ProcessStartInfo("unshare", ["--net", "sh", "-c", "ip link set lo up && echo up && read -r _"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        await holder.StandardOutput.ReadLineAsync();
        var network = new SeparateNetwork(holder, Environment.ProcessId + Interlocked.Increment(ref _made));
        string[] names = [holder.Id.ToString(CultureInfo.InvariantCulture), network._link];
        await RunAsync("sh",
            ["-ec", Join, "sh", .. names, $"{network.Database}", $"{network.Own}", $"{network.Models}", $"{network.OwnToModels}"]);
        return network;
    }

    /// <summary>The same program, started there.</summary>
    public ProcessStartInfo Enter(ProcessStartInfo start)
    {
        ArgumentNullException.ThrowIfNull(start);
        start.ArgumentList.Insert(0, start.FileName);
        start.ArgumentList.Insert(0, $"--net={Namespace}");
        start.FileName = "nsenter";
        return start;
    }

    /// <summary>Cuts the database's line: what either end sends is lost.</summary>
    public async Task CutAsync()
    {
        await RunAsync("ip", "neigh", "replace", $"{Own}", "lladdr", Nobody, "dev", _link, "nud", "permanent");
        await RunAsync("nsenter", $"--net={Namespace}", "ip", "neigh", "replace", $"{Database}", "lladdr", Nobody, "dev", "line", "nud",
            "permanent");
    }

    /// <summary>Mends it.</summary>
    public async Task MendAsync()
    {
        await RunAsync("ip", "neigh", "del", $"{Own}", "dev", _link);
        await RunAsync("nsenter", $"--net={Namespace}", "ip", "neigh", "del", $"{Database}", "dev", "line");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }

    private string Namespace => string.Create(CultureInfo.InvariantCulture, $"/proc/{_holder.Id}/ns/net");

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Trim()}");
    }
}
