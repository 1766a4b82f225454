using System.Collections.Immutable;
using System.IO.Compression;
using LiveClin.Core.Answers;
using LiveClin.Core.Exchange;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Stats.Tests.View;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.CommandLine;

/// <summary>
/// Names in a release and in a store that would steer a terminal or a page: no command shows one as it is, none writes one to a file.
/// </summary>
public sealed class HostileNamesTests : IAsyncLifetime
{
    private const string First = "a " + HostileText.Name, Second = "b " + HostileText.Name;
    private readonly TemporaryFolder _folder = new();

    public async ValueTask InitializeAsync()
    {
        var release = SampleRuns.Release with
        {
            Name = HostileText.Name,
            Cases = [.. SampleRuns.Release.Cases.Select(@case => @case with
            {
                Id = $"{@case.Ordinal}{HostileText.Name}", Title = HostileText.Name, Chapter = HostileText.Name,
                Subcategory = HostileText.Name,
                Rarity = HostileText.Name, Questions = [.. @case.Questions.Select(question => question with { Stage = HostileText.Name })],
            })],
        };
        await SampleRuns.CreateStoreAsync(_folder["s.db"], release,
            (Run("first", First), ViewedSample.Answers(Outcome.Correct)), (Run("second", Second), ViewedSample.Answers(Outcome.Wrong)));
        await using var store = ResultStore.OpenReadOnly(_folder["s.db"]);
        foreach (var run in store.ListRuns())
        {
            var results = new RunResults(run, release, store.GetEpoch(run.Id, 1), asked: store.GetRunCases(run.Id));
            RunExporter.WriteV1(results, _folder[run.Id + ".json"]);
            CoreExport.Write(store, results, _folder["core"], TestContext.Current.CancellationToken);
        }
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task No_command_shows_or_writes_what_steers_a_terminal_or_a_page()
    {
        foreach (var args in Commands())
        {
            var result = await StatsCommands.RunAsync(args);
            Assert.True(result.Code is 0 or 1, $"{args[0]}: {result.Code} {result.Error}");
            Assert.Null(HostileText.FindIn(result.Output));
            Assert.Null(HostileText.FindIn(result.Error));
        }

        await ZipFile.ExtractToDirectoryAsync(_folder["bundle.zip"], _folder["bundle"], TestContext.Current.CancellationToken);
        Assert.Null(HostileText.FindInFiles(_folder.FullName));
        foreach (var made in (string[])["report/report.html", "report/tables", "report/plots", "core/" + CoreFolder.ReportFile, "junit.xml",
            "flips.html", "flips.md", "bundle/report"])
            Assert.True(Path.Exists(_folder[made]), made);
    }

    private ImmutableArray<string[]> Commands()
    {
        var store = _folder["s.db"];
        string[] compared = ["compare", "--store", store, "--baseline", First, "--candidate", Second];
        return
        [
            ["report", "--store", store, "--output", _folder["report"]],
            ["analyze", "--store", store],
            ["analyze", "--folder", _folder["core"], "--ignore-models", "c" + HostileText.Name],
            ["analyze", "--results", _folder["first.json"], _folder["second.json"]],
            [.. compared, "--junit", _folder["junit.xml"], "--flips", _folder["flips.html"]],
            [.. compared, "--flips", _folder["flips.md"]],
            ["publish", "--format", "every-eval-ever", "--store", store, "--output", _folder["published"]],
            ["publish", "--format", "eval-results", "--dataset-id", "a/b", "--store", store, "--output", _folder["published"]],
            ["bundle", "--store", store, "--run", "first", "second", "--output", _folder["bundle.zip"]],
        ];
    }

    private static RunInfo Run(string id, string model)
    {
        var run = SampleRuns.Run(id, model);
        return run with { Specification = run.Specification with { ReleaseName = HostileText.Name } };
    }
}
