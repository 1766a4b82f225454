using System.Diagnostics;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Answers;

/// <summary>The real Python 3, which the published rule is defined by.</summary>
internal static class Python
{
    private static readonly string Script = Path.Combine(SharedData.RepositoryRoot, "tests", "LiveClin.Core.Tests", "Answers",
        "published_rule.py");

    /// <summary>Runs <c>published_rule.py</c>. Without python3 the test fails in CI and is skipped elsewhere.</summary>
    public static async Task<string[]> RunAsync(string command, IEnumerable<string> input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("python3", [Script, command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = RequiredProgram.Start(start);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        foreach (var line in input) await process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"python3 {Script} {command} ended with {process.ExitCode}: {await errors}");
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
