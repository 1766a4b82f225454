using System.Diagnostics;
using System.Reflection;
using System.Text.Json.Nodes;
using LiveClin.AppHost.Services;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Deploy;

/// <summary>A job of <c>deploy/slurm</c> as Slurm starts it: on a node of its own, with the variables of an allocation.</summary>
internal sealed class SlurmJob(TemporaryFolder folder)
{
    /// <summary>Variables beside those that every job has.</summary>
    public List<(string Name, string Value)> Environment { get; } = [];

    public Process Start(params (string Name, string Value)[] environment) =>
        Start([Path.Combine(SharedData.RepositoryRoot, "deploy/slurm/liveclin.sbatch"), "--settings", folder["settings.json"]],
            environment);

    /// <summary>Starts a job that has its settings in it.</summary>
    public Process Start(string script, params (string Name, string Value)[] environment) => Start([script], environment);

    private Process Start(string[] arguments, (string Name, string Value)[] environment)
    {
        Directory.CreateDirectory(folder["node"]);
        var start = new ProcessStartInfo("bash")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        (string, string)[] all =
        [
            ("LIVECLIN", folder["liveclin"]), ("SLURM_SUBMIT_DIR", folder.FullName), ("SLURM_TMPDIR", folder["node"]),
            ("SLURM_JOB_ID", "77"),
            ("SAVE_SECONDS", "1"), ("PATH", $"{folder["bin"]}:{System.Environment.GetEnvironmentVariable("PATH")}"),
            ("LiveClin__DataDirectory", Path.Combine(SharedData.RepositoryRoot, "data")), .. Environment, .. environment,
        ];
        // This machine's own, or what a test beside has put there.
        foreach (var name in (string[])["CUDA_VISIBLE_DEVICES", StartedProcesses.Variable]) start.Environment.Remove(name);
        foreach (var (name, value) in all) start.Environment[name] = value;
        return RequiredProgram.Start(start);
    }

    public static async Task<(int Code, string Output)> EndAsync(Process job, CancellationToken cancellationToken)
    {
        var (output, error) = (job.StandardOutput.ReadToEndAsync(cancellationToken), job.StandardError.ReadToEndAsync(cancellationToken));
        await job.WaitForExitAsync(cancellationToken);
        return (job.ExitCode, await output + await error);
    }

    public Task WriteSettingsAsync(JsonObject settings, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(folder["settings.json"], new JsonObject { ["LiveClin"] = settings }.ToJsonString(), cancellationToken);

    /// <summary>The launcher as that of an offline folder, over the programs that were built for the tests.</summary>
    public void WriteRealLauncher()
    {
        var configuration = typeof(SlurmJob).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        string Program(string project) =>
            Path.Combine(SharedData.RepositoryRoot, project, "bin", configuration, "net10.0", project + ".dll");
        WriteProgram("liveclin", $"""
            if [ "$1" = evaluator ]; then shift; exec dotnet '{Program("LiveClin.Evaluator")}' "$@"; fi
            exec dotnet '{Program("LiveClin.AppHost")}' "$@"
            """);
    }

    public void WriteProgram(string name, string script)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.WriteAllText(folder[name], "#!/bin/bash\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
