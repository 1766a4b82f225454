using LiveClin.Testing;

namespace LiveClin.Stats.Tests.CommandLine;

/// <summary>What looks like a file and has no end, or makes its reader wait, is refused by every command at once.</summary>
public sealed class NoRegularFileTests : IDisposable
{
    // What hangs does so for good.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private const string Given = "GIVEN", Store = "STORE", Other = "OTHER";
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Commands =>
    [
        $"analyze --results {Given}", $"analyze --store {Given}", $"report --store {Given} --output {Other}",
        $"report --store {Store} --output {Other} --settings {Given}", $"controls --store {Store} --dates {Given} --cutoff 2024-10",
        $"compare --store {Given} --baseline a --candidate b", $"publish --format eval-results --store {Given} --output {Other}",
        $"bundle --store {Given} --run r --output {Other}", $"verify-bundle {Given}", $"view {Given}",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_pipe_is_refused(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes with names are Unix's.");
        await RefusesAsync(command, await NamedPipe.CreateAsync(_folder["pipe"]));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_device_is_refused(string command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Devices are files in Unix.");
        await RefusesAsync(command, "/dev/zero");
    }

    [Fact]
    public async Task A_pipe_among_case_files_is_left_out()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes with names are Unix's.");
        await NamedPipe.CreateAsync(_folder["x.json"]);
        var result = await Task.Run(() => StatsCommands.RunAsync("analyze", "--folder", _folder.FullName, "--no-copy"))
            .WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.NotEqual(0, result.Code);
        Assert.Contains("is no regular file", result.Error + result.Output, StringComparison.Ordinal);
    }

    private async Task RefusesAsync(string command, string given)
    {
        await SampleRuns.CreateStoreAsync(_folder["s.db"], (SampleRuns.Run("r"), []));
        var places = new Dictionary<string, string> { [Given] = given, [Store] = _folder["s.db"], [Other] = _folder["other"] };
        string[] arguments = [.. command.Split(' ').Select(word => places.GetValueOrDefault(word, word))];
        var result = await Task.Run(() => StatsCommands.RunAsync(arguments)).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Contains("is no regular file", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.Code);
    }
}
