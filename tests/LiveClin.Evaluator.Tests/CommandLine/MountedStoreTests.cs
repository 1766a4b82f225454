using System.Diagnostics;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>A mount is another name of the same store: its lock holds, and a file that is mounted without its folder is refused.</summary>
public sealed class MountedStoreTests : IDisposable
{
    // In a namespace of its own: the machine's mounts stay as they are.
    private const string Mounted = "mount --bind \"$1\" \"$2\"; shift 2; exec \"$@\"";
    private readonly TemporaryFolder _folder = new();

    private string Store => _folder["store/s.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Through_a_bind_mount_of_its_folder_the_store_is_locked_and_its_holder_named()
    {
        await using var store = await OpenAsync();
        Directory.CreateDirectory(_folder["mount"]);
        var (code, errors) = await RunAsync(_folder["store"], _folder["mount"], "runs", "hide", "r", "--store", _folder["mount/s.db"]);
        Assert.True(code == 2, errors);
        Assert.Contains("mount/s.db is locked by another process", errors, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId} on", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hide", "r")]
    [InlineData("list")]
    public async Task A_store_that_is_mounted_as_a_single_file_is_refused(params string[] command)
    {
        await (await OpenAsync()).DisposeAsync();
        await File.WriteAllTextAsync(_folder["mounted.db"], "", TestContext.Current.CancellationToken);
        var (code, errors) = await RunAsync(Store, _folder["mounted.db"], ["runs", .. command, "--store", _folder["mounted.db"]]);
        Assert.True(code == 2, errors);
        Assert.Contains("is mounted as a single file", errors, StringComparison.Ordinal);
    }

    private async Task<ResultStore> OpenAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Bind mounts are Linux's.");
        using var trial = RequiredProgram.Start(new ProcessStartInfo("unshare", ["--mount", "true"]) { RedirectStandardError = true });
        await trial.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipUnless(trial.ExitCode == 0, "No mount namespace can be made here: it needs root.");
        await SampleRuns.CreateStoreAsync(Store, (SampleRuns.Run("r"), []));
        return ResultStore.Open(Store);
    }

    private static async Task<(int Code, string Errors)> RunAsync(string from, string to, params string[] command)
    {
        var evaluator = Path.Combine(AppContext.BaseDirectory, "LiveClin.Evaluator.dll");
        string[] arguments = ["--mount", "sh", "-ec", Mounted, "sh", from, to, "dotnet", evaluator, .. command];
        using var process = Process.Start(
            new ProcessStartInfo("unshare", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + errors);
    }
}
