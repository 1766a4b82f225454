using System.Text.Json.Nodes;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;
using Npgsql;
using static LiveClin.AppHost.Tests.Sweep.Models;
using static LiveClin.AppHost.Tests.Sweep.Summary;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>A sweep whose database goes away and comes back waits for it, says so, and completes; counted at the model servers.</summary>
public sealed class DatabaseRestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public DatabaseRestartTests() => _patience.CancelAfter(HangGuard.Longest);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_runs_and_what_would_begin_wait_for_the_database_and_nothing_is_asked_twice()
    {
        await using var database = await TestDatabases.StartServerAsync();
        // The password goes by the environment.
        var name = new NpgsqlConnectionStringBuilder(await database.CreateDatabaseAsync()).Database;
        // The second gets ready when the database is gone.
        var models = new JsonArray(
            SGLang("Runs", "fake/one", new JsonObject { ["reply_seconds"] = 0.3 }),
            SGLang("Begins", "fake/one", new JsonObject { ["loads_until"] = _folder["gone"] }));
        using var host = AppHostProcess.Start(
            _folder, models, new FakeGpus(_folder.FullName).Write(2), "--concurrency", "2", "--limit", "6",
            "--store", $"postgresql://{PostgresServer.Role}@127.0.0.1:{database.Port}/{name}");
        await host.SaysAsync("Runs: vision check passed", _patience.Token);

        await database.CrashAsync();
        await host.SaysAsync("the database cannot be reached since", _patience.Token);
        await File.WriteAllTextAsync(_folder["gone"], "", _patience.Token);
        await host.SaysAsync("The evaluator is not ready; what it is asked for waits (store: the database cannot be reached",
            _patience.Token);
        Assert.DoesNotContain("Begins: run", host.Output, StringComparison.Ordinal);
        await database.StartAgainAsync();

        Assert.True(await host.EndAsync(_patience.Token) == 0, host.Output);
        Assert.Contains("The evaluator is ready again", host.Output, StringComparison.Ordinal);
        var summary = Summary.Of(_folder);
        Assert.All(summary.Values, test => Assert.Equal(Property(test, "questions.total"), Property(test, "questions.answered")));
        // A start warms up and checks the vision.
        Assert.Equal(summary.Values.Sum(test => Property(test, "questions.total") + 2), ServerLog.Replies(_folder["logs"]));
    }
}
