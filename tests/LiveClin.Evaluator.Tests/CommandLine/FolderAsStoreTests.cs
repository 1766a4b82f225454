using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>Who names a folder as the store is told so, and what to name instead; nothing is made.</summary>
public sealed class FolderAsStoreTests : IDisposable
{
    private const string Given = "GIVEN", Store = "STORE", Other = "OTHER", Release = "RELEASE";
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Commands =>
    [
        $"runs list --store {Given}", $"runs tag r x --store {Given}", $"runs delete r --store {Given}", $"backup {Other} --store {Given}",
        $"export --format jsonl --run x --output {Other} --store {Given}", $"rescore --run r --apply --store {Given}",
        $"merge {Given} --into {Other}", $"merge {Store} --into {Given}", $"import {Store} --store {Given}",
        $"reviews import {Store} --store {Given}",
        $"evaluate --model m --api-base http://127.0.0.1:9/v1 --image-mode url --store {Given}",
    ];

    public void Dispose() => _folder.Dispose();

    // With a store that is not there nothing has been measured yet.
    [Theory]
    [InlineData($"estimate --model m --image-mode url --store {Given} --jsonl-path {Release}")]
    [MemberData(nameof(Commands))]
    public Task A_folder_is_refused(string command)
    {
        Directory.CreateDirectory(_folder["given"]);
        return RefusesAsync(command, _folder["given"]);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task So_is_what_is_written_like_one_and_none_is_made(string command)
    {
        await RefusesAsync(command, _folder["given"] + "/");
        Assert.False(Directory.Exists(_folder["given"]));
    }

    private async Task RefusesAsync(string command, string given)
    {
        await SampleRuns.CreateStoreAsync(_folder["s.db"], (SampleRuns.Run("r"), []));
        await File.WriteAllTextAsync(_folder["r.jsonl"], SampleRuns.Release.Cases[0].Json, TestContext.Current.CancellationToken);
        var places = new Dictionary<string, string>
        {
            [Given] = given, [Store] = _folder["s.db"], [Other] = _folder["other"], [Release] = _folder["r.jsonl"],
        };
        var result = await CommandRunner.RunAsync([.. command.Split(' ').Select(word => places.GetValueOrDefault(word, word))]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{given} is a folder, and a store is one file. Name a file in it, such as {_folder["given"]}/liveclin.db.",
            result.Error, StringComparison.Ordinal);
    }
}
