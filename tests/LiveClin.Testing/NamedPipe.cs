using System.Diagnostics;

namespace LiveClin.Testing;

/// <summary>Pipes with names (FIFOs): whoever opens one to read waits until somebody opens it to write.</summary>
public static class NamedPipe
{
    /// <summary>Makes one; on Linux and its like.</summary>
    /// <returns>Its path.</returns>
    public static async Task<string> CreateAsync(string path)
    {
        using var made = Process.Start("mkfifo", [path]);
        await made.WaitForExitAsync();
        return made.ExitCode == 0 ? path : throw new InvalidOperationException($"mkfifo {path} ended with {made.ExitCode}.");
    }
}
