using LiveClin.Testing;
using LiveClin.Testing.Postgres;
using LiveClin.Stats.Tests.CommandLine;

namespace LiveClin.Stats.Tests.View;

/// <summary>Pages and commands over a PostgreSQL store say what they say over a file.</summary>
public sealed class DatabaseTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestStore? _place;

    public async ValueTask InitializeAsync() => _place = await TestStore.CreateAsync(StoreKind.Postgres);

    public async ValueTask DisposeAsync()
    {
        if (_place is not null) await _place.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Reports_comparisons_bundles_and_pages_come_from_a_database()
    {
        await ViewedSample.CreateStoreAsync(_place!.Place);
        await ViewedSample.CreateStoreAsync(_folder["s.db"]);
        var store = _place.Argument;
        foreach (var command in (string[][])[["analyze"], ["compare", "--baseline", "good", "--candidate", "poor"]])
        {
            var (database, file) = (await StatsCommands.RunAsync([.. command, "--store", store]),
                await StatsCommands.RunAsync([.. command, "--store", _folder["s.db"]]));
            Assert.Equal((0, file.Output), (database.Code, database.Output));
        }

        Assert.Equal(0, (await StatsCommands.RunAsync("report", "--store", store, "--output", _folder["report"])).Code);
        foreach (var written in Directory.GetFiles(_folder["report"], "*.json", SearchOption.AllDirectories))
            Assert.DoesNotContain(PostgresServer.Password, await File.ReadAllTextAsync(written, TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
        Assert.Equal(0, (await StatsCommands.RunAsync("bundle", "--store", store, "--run", "run-good", "--output", _folder["b.zip"])).Code);
        Assert.Equal(0, (await StatsCommands.RunAsync("verify-bundle", _folder["b.zip"])).Code);

        await using var view = await ViewedSample.StartAsync(store);
        var html = await view.Http.GetStringAsync("/runs", TestContext.Current.CancellationToken);
        Assert.Contains($"Read-only: {store}", html, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, html, StringComparison.Ordinal);
        var refused = await StatsCommands.RunAsync("view", "postgres://ann:s3cr3t-Pa55@127.0.0.1:1/r");
        Assert.Equal((2, false), (refused.Code, refused.Error.Contains("s3cr3t", StringComparison.Ordinal)));
    }
}
