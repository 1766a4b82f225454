using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Settings;

/// <summary>Looks for Docker or Podman before anything waits for a container that nobody starts.</summary>
internal static class ContainerRuntime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // As Aspire reads them.
    private static readonly string[] Settings =
        ["DcpPublisher:ContainerRuntime", "ASPIRE_CONTAINER_RUNTIME", "DOTNET_ASPIRE_CONTAINER_RUNTIME"];

    /// <summary>Null when one answers; otherwise what each has said.</summary>
    /// <param name="configuration">May name the one that Aspire is to use; otherwise either will do.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<string?> FindProblemAsync(IConfiguration configuration, CancellationToken cancellationToken)
    {
        var named = Settings.Select(key => configuration[key]).FirstOrDefault(name => !string.IsNullOrEmpty(name));
        var said = new List<string>();
        foreach (var program in named is null ? (string[])["docker", "podman"] : [named])
        {
            if (await AskAsync(program, cancellationToken) is not { } problem) return null;
            said.Add($"{program} {problem}");
        }

        return $"store: container needs Docker or Podman ({string.Join("; ", said)}). Start it, or name a file or a database: "
            + "--store FILE.db or postgresql://user@host/database.";
    }

    // A list of containers: the shortest question that only a running engine answers.
    private static async Task<string?> AskAsync(string program, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, ["ps", "--quiet"])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(patience.Token);
                var errors = await process.StandardError.ReadToEndAsync(patience.Token);
                await output;
                await process.WaitForExitAsync(patience.Token);
                return process.ExitCode == 0 ? null : $"says: {FirstLine(errors) ?? $"exit code {process.ExitCode}"}";
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }
        catch (Win32Exception)
        {
            return "is not on PATH";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"did not answer within {Patience.TotalSeconds:0} s";
        }
    }

    private static string? FirstLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault()?.TrimEnd('.');
}
