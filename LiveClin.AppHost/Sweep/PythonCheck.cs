using System.ComponentModel;
using System.Diagnostics;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.Sweep;

/// <summary>
/// Looks for a server before it is started and fails for another reason: a Python interpreter is asked whether it can import it, a
/// program has to be there.
/// </summary>
internal sealed class PythonCheck
{
    // Importing pulls in the whole framework, which takes long from a cold disk.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Null, or what is missing and how to get it.</summary>
    public async Task<string?> FindProblemAsync(ManagedServerResource server, CancellationToken cancellationToken)
    {
        if (server.Model.InterpreterProblem is { } known) return known;
        if (server.Template.Module is not { } module)
            return IsThere(server.Program)
                ? null : $"The program '{server.Program}' was not found{(Path.IsPathRooted(server.Program) ? "" : " on PATH")}. To install {server.Template.Title}: {server.Template.Installation}";
        var start = new ProcessStartInfo(server.Program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = server.WorkingDirectory,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"import {module}");
        if (RuntimeDefaults.OrchestratorHome is not null) start.Environment["HOME"] = RuntimeDefaults.UserHome;
        foreach (var (name, value) in server.Model.Environment) start.Environment[name] = value;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                var output = process.StandardOutput.ReadToEndAsync(patience.Token);
                var errors = await process.StandardError.ReadToEndAsync(patience.Token);
                await output;
                await process.WaitForExitAsync(patience.Token);
                if (process.ExitCode == 0) return null;
                var last = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault()
                    ?? $"exit code {process.ExitCode}";
                return $"{server.Program} cannot import {module} ({last}). To install it: {server.Template.Installation}";
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }
        catch (Win32Exception)
        {
            return $"The Python interpreter '{server.Program}' was not found. To install {server.Template.Title}: {server.Template.Installation}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"{server.Program} did not finish importing {module} within {Patience.TotalMinutes:0} minutes.";
        }
    }

    private static bool IsThere(string program)
    {
        var folders = Path.IsPathRooted(program)
            ? [""] : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] endings = OperatingSystem.IsWindows() ? ["", ".exe", ".cmd", ".bat"] : [""];
        return folders.Any(f => endings.Any(e => File.Exists(Path.Combine(f, program + e))));
    }
}
