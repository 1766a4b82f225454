using System.Diagnostics;
using System.Reflection;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Deploy;

/// <summary>
/// The folder of <c>deploy/offline</c>: it runs in a network namespace without any route, as an ordinary user, where the source, the
/// packages, the SDK and the user's home are not to be seen.
/// </summary>
public sealed class OfflineFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public OfflineFolderTests() => _patience.CancelAfter(HangGuard.Longest);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Runs_without_network_sdk_source_and_home_and_notices_a_changed_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess,
            "Hiding the machine from a program takes root's namespaces.");
        var configuration = typeof(OfflineFolderTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var made = await RunAsync(Path.Combine(SharedData.RepositoryRoot, "deploy/offline/make.sh"), [_folder["live clin"]],
            ("CONFIGURATION", configuration), ("NO_BUILD", "1"));
        Assert.True(made.Code == 0, made.Output);

        var ran = await HiddenAsync("--exit-when-done", "--limit", "2", "--results", "results");
        Assert.True(ran.Code == 0, ran.Output);
        Assert.Contains("Verified ", ran.Output, StringComparison.Ordinal);
        Assert.Matches(@"simulated/knows-90 +questions 10/11 \(90\.9%\)", ran.Output);
        Assert.Contains($"Next:  '{_folder["live clin/liveclin"]}' evaluator evaluate", ran.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Aspire.Hosting.DistributedApplication:", ran.Output, StringComparison.Ordinal); // its own settings are found

        var listed = await HiddenAsync("evaluator", "runs", "list", "--store", "results/liveclin.db");
        Assert.Contains("simulated/sighted-60", listed.Output, StringComparison.Ordinal);

        File.CreateSymbolicLink(_folder["work/linked"], _folder["live clin/liveclin"]);
        await File.WriteAllTextAsync(_folder["live clin/data/another.jsonl"], "", _patience.Token); // a release of one's own
        Assert.Equal(0, (await RunAsync(_folder["work/linked"], ["verify"])).Code);
        await File.WriteAllTextAsync(_folder["live clin/LiveClin.AppHost/added.dll"], "", _patience.Token);
        var added = await RunAsync(_folder["work/linked"], ["verify"]);
        Assert.Equal(2, added.Code);
        Assert.Contains("./LiveClin.AppHost/added.dll", added.Output, StringComparison.Ordinal);
        File.Delete(_folder["live clin/LiveClin.AppHost/added.dll"]);

        await File.AppendAllTextAsync(_folder["live clin/data/demo/demo.jsonl"], " ", _patience.Token);
        var refused = await HiddenAsync("--exit-when-done");
        Assert.Equal(2, refused.Code);
        Assert.Contains("./data/demo/demo.jsonl: FAILED", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_build_nothing_is_made()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The script is Unix's.");
        var made = await RunAsync(
            Path.Combine(SharedData.RepositoryRoot, "deploy/offline/make.sh"), [_folder["none"]], ("CONFIGURATION", "Nothing"),
            ("NO_BUILD", "1"));
        Assert.Equal(1, made.Code);
        Assert.Contains("is not there", made.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["none"]));
    }

    // Root's namespaces, then nobody in them, to whom nothing belongs: where the source was there is a place that nobody can write to.
    private Task<(int Code, string Output)> HiddenAsync(params string[] arguments)
    {
        var hidden = string.Concat(
            ((string[])[SharedData.RepositoryRoot, "/root", "/usr/share/dotnet", "/usr/lib/dotnet", .. UserFolders()])
            .Distinct().Where(Directory.Exists).Select(folder => $"mount -t tmpfs -o mode=755 tmpfs '{folder}'; "));
        var script = $"chmod a+x '{_folder.FullName}'; mkdir -p -m 777 '{_folder["work"]}'; {hidden}cd '{_folder["work"]}'; "
            + $"exec setpriv --reuid=65534 --regid=65534 --clear-groups env -i PATH=/usr/bin:/bin '{_folder["live clin/liveclin"]}' \"$@\"";
        return RunAsync("unshare", ["--net", "--mount", "sh", "-c", "ip link set lo up; " + script, "liveclin", .. arguments]);
    }

    private static IEnumerable<string> UserFolders() =>
        ((string?[])[Environment.GetEnvironmentVariable("NUGET_PACKAGES"), Environment.GetEnvironmentVariable("DOTNET_ROOT")])
            .OfType<string>().Where(folder => folder.Length > 1);

    private async Task<(int Code, string Output)> RunAsync(string program, string[] arguments,
        params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = RequiredProgram.Start(start);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(_patience.Token),
            process.StandardError.ReadToEndAsync(_patience.Token));
        await process.WaitForExitAsync(_patience.Token);
        return (process.ExitCode, await output + await error);
    }
}
