using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>What looks like a file and has no end, or makes its reader wait, is refused by every command at once.</summary>
public sealed class NoRegularFileTests : IDisposable
{
    // What hangs does so for good.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private const string Given = "GIVEN", Store = "STORE", Other = "OTHER", Folder = "FOLDER";
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Commands =>
    [
        $"runs list --store {Given}", $"runs list --store postgresql://127.0.0.1:9/liveclin?passfile={Given}",
        $"backup {Other} --store {Given}", $"export --format jsonl --run x --output {Other} --store {Given}",
        $"merge {Given} --into {Other}", $"merge {Store} --into {Given}", $"import {Given} --store {Other}",
        $"reviews import {Given} --store {Store}", $"dataset verify {Given}", $"import {Folder} --store {Other}",
        $"import {Other} --jsonl-path {Given} --store {Other}",
        $"evaluate --model m --api-base http://127.0.0.1:9/v1 --image-mode url --store {Given}",
        $"evaluate --model m --api-base http://127.0.0.1:9/v1 --image-mode url --store {Other} --jsonl-path {Given}",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_pipe_is_refused(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes with names are Unix's.");
        Directory.CreateDirectory(_folder["folder"]);
        await NamedPipe.CreateAsync(Path.Combine(_folder["folder"], "x.json"));
        await RefusesAsync(command, await NamedPipe.CreateAsync(_folder["pipe.jsonl"]));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_device_is_refused(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Devices are files in Unix.");
        Directory.CreateDirectory(_folder["folder"]);
        File.CreateSymbolicLink(Path.Combine(_folder["folder"], "x.json"), "/dev/zero");
        File.CreateSymbolicLink(_folder["device.jsonl"], "/dev/zero");
        await RefusesAsync(command, _folder["device.jsonl"]);
    }

    private async Task RefusesAsync(string command, string given)
    {
        await SampleRuns.CreateStoreAsync(_folder["s.db"], (SampleRuns.Run("r"), []));
        var places = new Dictionary<string, string>
        {
            [Given] = given, [Store] = _folder["s.db"], [Other] = _folder["other"], [Folder] = _folder["folder"],
        };
        string[] arguments = [.. command.Replace($"={Given}", $"={given}", StringComparison.Ordinal).Split(' ')
            .Select(word => places.GetValueOrDefault(word, word))];
        var result = await Task.Run(() => CommandRunner.RunAsync(arguments)).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Contains("is no regular file", result.Error, StringComparison.Ordinal);
        // One broken file does not keep the others out of an import.
        Assert.Equal(command.StartsWith("import", StringComparison.Ordinal) && !command.Contains("--jsonl-path", StringComparison.Ordinal)
            ? 1 : 2, result.ExitCode);
    }
}
