using Grpc.Core;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Tests.CommandLine;
using LiveClin.Evaluator.Tests.Service;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;
using Npgsql;
using RunStatus = LiveClin.Core.Results.RunStatus;

namespace LiveClin.Evaluator.Tests.Sharing;

/// <summary>Commands on a database: as on a file, and nothing that is secret is ever said.</summary>
public sealed class PostgresCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestStore? _place;

    private string Store => _place!.Argument;

    public async ValueTask InitializeAsync() => _place = await TestStore.CreateAsync(StoreKind.Postgres);

    public async ValueTask DisposeAsync()
    {
        if (_place is not null) await _place.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_run_is_asked_shown_exported_tagged_merged_and_rescored_as_in_a_file()
    {
        // What JSON can say and PostgreSQL's text cannot hold.
        await using var server = await FakeModelServer.StartAsync(_ => "nul \0 \\boxed{A}");
        string[] evaluate = ["evaluate", "--model", "fake", "--api-base", server.BaseUrl.ToString(), "--image-mode", "local",
            "--jsonl-path", Runs.EvaluatorHarness.Demo.JsonlPath!];
        Assert.Contains("80", (await RunAsync(0, ["estimate", .. evaluate[1..], "--store", Store])).Output, StringComparison.Ordinal);
        Assert.Contains($"Store: {Store}", (await RunAsync(0, [.. evaluate, "--store", Store])).Output, StringComparison.Ordinal);
        await RunAsync(0, [.. evaluate, "--store", _folder["file.db"]]);
        Assert.Equal(160, server.Calls.Count);
        Assert.Contains("is complete already", (await RunAsync(0, [.. evaluate, "--store", Store])).Output, StringComparison.Ordinal);
        Assert.Equal(160, server.Calls.Count);

        await using var database = _place!.OpenReadOnly();
        await using var file = ResultStore.OpenReadOnly(_folder["file.db"]);
        var (run, same) = (database.ListRuns().Single(), file.ListRuns().Single());
        Assert.Equal(same.Specification.Identity, run.Specification.Identity);
        Assert.Equal(file.GetAnswers(same.Id).Select(answer => (answer.Reply, answer.Letter, answer.PromptHash)),
            database.GetAnswers(run.Id).Select(answer => (answer.Reply, answer.Letter, answer.PromptHash)));
        Assert.Equal(file.Tally(same).Outcomes, database.Tally(run).Outcomes);

        Assert.Contains("8/80", (await RunAsync(0, "runs", "list", "--store", Store)).Output, StringComparison.Ordinal);
        Assert.Contains(run.Id, (await RunAsync(0, "runs", "show", run.Id, "--store", Store)).Output, StringComparison.Ordinal);
        foreach (var (store, name, id) in new[] { (Store, "database.json", run.Id), (_folder["file.db"], "file.json", same.Id) })
            await RunAsync(0, "export", "--run", id, "--format", "core", "--output", _folder[name], "--store", store);
        foreach (var exported in Directory.GetFiles(_folder["file.json"]))
            Assert.Equal(await File.ReadAllTextAsync(exported, TestContext.Current.CancellationToken),
                await File.ReadAllTextAsync(Path.Combine(_folder["database.json"], Path.GetFileName(exported)),
                TestContext.Current.CancellationToken));
        await RunAsync(0, "rescore", "--run", run.Id, "--store", Store);

        Assert.Contains("pg_dump", (await RunAsync(2, "backup", _folder["b.db"], "--store", Store)).Error, StringComparison.Ordinal);
        await RunAsync(0, "merge", Store, "--into", _folder["merged.db"]);
        Assert.Contains("0 runs added, 0 extended", (await RunAsync(0, "merge", _folder["merged.db"], "--into", Store)).Output,
            StringComparison.Ordinal);
        Assert.Contains("into itself", (await RunAsync(2, "merge", Store, "--into", Store)).Error, StringComparison.Ordinal);
        await using var merged = ResultStore.OpenReadOnly(_folder["merged.db"]);
        Assert.Equal(database.GetAnswers(run.Id), merged.GetAnswers(run.Id));
        await RunAsync(0, "runs", "delete", run.Id, "--yes", "--store", Store);
        Assert.Empty(database.ListRuns());
    }

    [Fact]
    public async Task A_run_that_somebody_works_on_is_not_deleted_whatever_its_status_says()
    {
        await SampleRuns.CreateStoreAsync(_place!.Place, (SampleRuns.Run("r", status: RunStatus.Cancelled), []));
        await using (var evaluator = _place.Open())
        {
            await evaluator.EnterRunAsync("r", TestContext.Current.CancellationToken);
            Assert.Contains("is worked on by", (await RunAsync(2, "runs", "delete", "r", "--yes", "--store", Store)).Error,
                StringComparison.Ordinal);
            await using var service = await RunningEvaluator.StartAsync(_place.Place);
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await service.Client.DeleteRunAsync(
                new DeleteRunRequest { RunId = "r" }, cancellationToken: TestContext.Current.CancellationToken));
            Assert.Contains("is under way at", refused.Status.Detail, StringComparison.Ordinal);
        }

        await RunAsync(0, "runs", "delete", "r", "--yes", "--store", Store);
    }

    [Fact]
    public async Task What_an_address_says_beyond_its_name_holds_for_merge_too()
    {
        await SampleRuns.CreateStoreAsync(_folder["file.db"], (SampleRuns.Run("r"), []));
        await using (var connection = new NpgsqlConnection(_place!.Place))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var schema = new NpgsqlCommand("CREATE SCHEMA lab", connection);
            await schema.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await RunAsync(0, "merge", _folder["file.db"], "--into", Store + "?options=-csearch_path%3Dlab");
        Assert.Contains("model", (await RunAsync(0, "runs", "list", "--store", Store + "?search_path=lab")).Output,
            StringComparison.Ordinal);
        Assert.Contains("is empty", (await RunAsync(2, "runs", "list", "--store", Store)).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runs", "list", "--store", "postgres://ann:s3cr3t-Pa55@127.0.0.1:1/r")]
    [InlineData("merge", "postgres://ann:s3cr3t-Pa55@127.0.0.1:1/r", "--into", "x.db")]
    [InlineData("merge", "x.db", "--into", "Host=127.0.0.1;Password=s3cr3t-Pa55")]
    public async Task A_password_on_the_command_line_is_refused(params string[] arguments)
    {
        var refused = await CommandRunner.RunAsync(arguments);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("PGPASSWORD", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", refused.Output + refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_keeps_its_access_file_in_the_results_folder_and_answers_from_the_database()
    {
        await SampleRuns.CreateStoreAsync(_place!.Place, (SampleRuns.Run("r"), []));
        await using var evaluator = await Service.RunningEvaluator.StartAsync(_place.Place,
            configure: settings => settings["LiveClin:Results"] = _folder["results"]);
        Assert.True(File.Exists(Path.Combine(_folder["results"], "access.json")));
        var runs = await evaluator.Http.GetStringAsync("v1/runs", TestContext.Current.CancellationToken);
        Assert.Contains("\"r\"", runs, StringComparison.Ordinal);
        Assert.DoesNotContain(PostgresServer.Password, runs, StringComparison.Ordinal);
    }

    private static async Task<CommandResult> RunAsync(int code, params string[] arguments)
    {
        var result = await CommandRunner.RunAsync(arguments);
        Assert.True(result.ExitCode == code, result.Output + result.Error);
        Assert.DoesNotContain(PostgresServer.Password, result.Output + result.Error, StringComparison.Ordinal);
        return result;
    }
}
