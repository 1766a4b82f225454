using System.Data.Common;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>A store that a broken disk or another program has changed: what is damaged is said, the rest goes on.</summary>
public abstract class DamagedStoreTests(StoreKind kind) : StoreCommands(kind)
{
    [Theory]
    [InlineData("csv")]
    [InlineData("jsonl")]
    [InlineData("v1")]
    [InlineData("core")]
    public async Task A_flipped_bit_in_a_reply_is_found_and_the_rest_is_exported(string format)
    {
        await CreateAsync();
        Assert.Equal(0, (await ExportAsync(format, "before")).ExitCode);
        // \boxed{A}: 'A' to 'C' is one bit.
        var flipped = Kind == StoreKind.Sqlite ? "replace(reply, '{A}', '{C}')" : "set_byte(reply, 7, ascii('C'))";
        Change($"UPDATE answers SET reply = {flipped} WHERE case_ordinal = 0 AND question = 1");

        var exported = await ExportAsync(format, "after");
        Assert.Equal(1, exported.ExitCode);
        Assert.Contains("damaged: case 1000, question 2 of run run1: the stored reply is not the one that was written", exported.Error,
            StringComparison.Ordinal);
        var text = string.Concat(Directory.EnumerateFiles(Folder.FullName, "after*", SearchOption.AllDirectories).Concat(
            format == "core" ? Directory.EnumerateFiles(Folder["after"]) : []).Select(File.ReadAllText));
        Assert.DoesNotContain("boxed{C}", text, StringComparison.Ordinal);
        Assert.Contains("boxed{A}", text, StringComparison.Ordinal);

        var shown = await CommandRunner.RunAsync("runs", "show", "run1", "--store", Store);
        Assert.Equal(1, shown.ExitCode);
        Assert.Contains("damaged      case 1000, question 2", shown.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("core")]
    public async Task A_damaged_case_is_said_and_the_others_are_exported(string format)
    {
        await CreateAsync();
        Change("UPDATE cases SET json = substr(json, 1, 40) WHERE ordinal = 1");
        var exported = await ExportAsync(format, "after");
        Assert.Equal((1, true),
            (exported.ExitCode, exported.Error.Contains("damaged: case 1001: what is stored of it is no case any more",
            StringComparison.Ordinal)));
        var text = string.Concat(Directory.EnumerateFiles(Folder.FullName, "*", SearchOption.AllDirectories)
            .Where(file => file.Contains("after", StringComparison.Ordinal)).Select(File.ReadAllText));
        Assert.Contains("boxed{A}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("PMC1001", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_reply_is_not_copied_into_another_store_as_a_sound_one()
    {
        await CreateAsync();
        Change("UPDATE answers SET reply = reply || ' ' WHERE case_ordinal = 1 AND question = 0");
        var merged = await CommandRunner.RunAsync("merge", Store, "--into", Folder["all.db"]);
        Assert.Equal((1, true),
            (merged.ExitCode, merged.Error.Contains(
                "damaged: run run1 is not taken over. Run run1: the reply to question 1 of case 2 (epoch 1) is damaged where it comes from",
                StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_merge_puts_a_damaged_reply_back_where_its_checksum_proves_it()
    {
        await CreateAsync();
        Assert.Equal(0, (await CommandRunner.RunAsync("merge", Store, "--into", Folder["backup.db"])).ExitCode);
        Change("UPDATE answers SET reply = reply || ' ' WHERE case_ordinal = 1 AND question = 0");
        var merged = await CommandRunner.RunAsync("merge", Folder["backup.db"], "--into", Store);
        Assert.Equal((0, ""), (merged.ExitCode, merged.Error));
        Assert.Equal((0, ""), await ExportAsync("csv", "after") is var exported ? (exported.ExitCode, exported.Error) : default);
        await using var store = Place.OpenReadOnly();
        Assert.All(store.GetAnswers("run1"), answer => Assert.Equal((false, "\\boxed{A}"), (answer.IsDamaged, answer.Reply)));
    }

    [Fact]
    public async Task A_repeated_evaluate_says_which_replies_are_damaged_and_asks_none_again()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        Assert.Equal((0, ""), await EvaluateAsync(server, "--epochs", "2") is var first ? (first.ExitCode, first.Error) : default);
        var asked = server.Calls.Count;
        Change("UPDATE answers SET reply = reply || ' ' WHERE case_ordinal = 1 AND question = 1 AND epoch = 2");

        var again = await EvaluateAsync(server, "--epochs", "2");
        Assert.Equal((1, asked), (again.ExitCode, server.Calls.Count));
        Assert.Contains("damaged: 1 reply of this run is damaged (checksum): case ", again.Error, StringComparison.Ordinal);
        Assert.Contains(", question 2, epoch 2; nothing asks for such a reply again", again.Error, StringComparison.Ordinal);
        Assert.Contains("--fresh", again.Error, StringComparison.Ordinal);
        var failures = await CommandRunner.RunAsync("runs", "failures", RunId(), "--store", Store);
        Assert.Contains("damaged: 1 reply of this run is damaged", failures.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_question_follows_on_a_damaged_reply()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        Assert.Equal(0, (await EvaluateAsync(server)).ExitCode);
        var asked = server.Calls.Count;
        // As after a stop in the middle of the conversation.
        Change("UPDATE answers SET reply = reply || ' ' WHERE case_ordinal = 1 AND question = 0");
        Change("DELETE FROM answers WHERE case_ordinal = 1 AND question = 1");

        var again = await EvaluateAsync(server);
        Assert.Equal((1, asked), (again.ExitCode, server.Calls.Count));
        Assert.Contains("damaged: 1 reply of this run is damaged", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_column_of_an_answer_is_told_once_and_not_asked_again()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        Assert.Equal(0, (await EvaluateAsync(server)).ExitCode);
        var asked = server.Calls.Count;
        var spoiled = Kind == StoreKind.Sqlite ? "replace(completed_at, 'T', 'U')" : "set_byte(completed_at, 10, ascii('U'))";
        Change($"UPDATE answers SET completed_at = {spoiled} WHERE case_ordinal = 1 AND question = 0");

        var again = await EvaluateAsync(server);
        Assert.Equal((1, asked), (again.ExitCode, server.Calls.Count));
        Assert.Contains("damaged: 1 answer of this run is damaged: case ", again.Error, StringComparison.Ordinal);
        Assert.Contains(", question 1 (column completed_at cannot be read); nothing asks", again.Error, StringComparison.Ordinal);
        Assert.Single(again.Error.Split('\n'), line => line.StartsWith("damaged: ", StringComparison.Ordinal));
        var exported = await CommandRunner.RunAsync("export", "--format", "csv", "--output", Folder["a.csv"], "--store", Store);
        Assert.Equal(1, exported.ExitCode);
        Assert.Contains("the stored answer is not the one that was written (column completed_at cannot be read); left out", exported.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_cannot_be_read_is_not_begun_anew()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        Assert.Equal(0, (await EvaluateAsync(server)).ExitCode);
        var asked = server.Calls.Count;
        Change(Kind == StoreKind.Sqlite ? "UPDATE runs SET target = 'garbage'" : "UPDATE runs SET target = convert_to('garbage', 'UTF8')");

        var again = await EvaluateAsync(server);
        Assert.Equal((2, asked), (again.ExitCode, server.Calls.Count));
        Assert.Contains($"run {RunId()}: what is stored of it cannot be read (column target)", again.Error, StringComparison.Ordinal);
        Assert.Contains("--fresh begins another run", again.Error, StringComparison.Ordinal);
        var listed = await CommandRunner.RunAsync("runs", "list", "--store", Store);
        Assert.Equal((1, true), (listed.ExitCode, listed.Error.Contains($"damaged: run {RunId()}: ", StringComparison.Ordinal)));
        var shown = await CommandRunner.RunAsync("runs", "show", RunId(), "--store", Store);
        Assert.Equal((2, 1), (shown.ExitCode, shown.Error.Split("cannot be read").Length - 1));
    }

    [Fact]
    public async Task A_run_with_an_answer_at_no_place_does_not_go_on()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        Assert.Equal(0, (await EvaluateAsync(server)).ExitCode);
        var asked = server.Calls.Count;
        Change("UPDATE answers SET case_ordinal = 99999 WHERE case_ordinal = 1 AND question = 0");
        var again = await EvaluateAsync(server);
        Assert.Equal((2, asked), (again.ExitCode, server.Calls.Count));
        Assert.Contains("the place of an answer cannot be read", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_environment_hurts_nothing_but_itself()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        Assert.Equal(0, (await EvaluateAsync(server)).ExitCode);
        Change(Kind == StoreKind.Sqlite
            ? "UPDATE run_environments SET environment = '{'" : "UPDATE run_environments SET environment = convert_to('{', 'UTF8')");
        var shown = await CommandRunner.RunAsync("runs", "show", RunId(), "--store", Store);
        Assert.Equal(1, shown.ExitCode);
        Assert.Contains($"damaged: run {RunId()}: a row of run environments cannot be read (column environment)", shown.Error,
            StringComparison.Ordinal);
        Assert.Contains("completed", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_puts_the_text_of_a_damaged_case_back_and_says_so()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        Assert.Equal(0, (await EvaluateAsync(server)).ExitCode);
        Change("UPDATE cases SET json = substr(json, 1, 500) WHERE ordinal = 1");
        var listed = await CommandRunner.RunAsync("runs", "list", "--store", Store);
        Assert.Equal((0, ""), (listed.ExitCode, listed.Error));

        var again = await EvaluateAsync(server);
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("was not what the release's file says; it has been put back from there", again.Error, StringComparison.Ordinal);
        Assert.Equal((0, ""), await EvaluateAsync(server) is var last ? (last.ExitCode, last.Error) : default);
    }

    [Fact]
    public async Task Each_answer_says_where_it_came_from()
    {
        const string moved = "http://127.0.0.1:2/v1";
        await CreateStoreAsync(Place.Place, (Run("run1"), [
            Answer(0, 0, Outcome.Correct) with { Endpoint = "http://127.0.0.1:1/v1" },
            Answer(0, 1, Outcome.Correct) with { Endpoint = moved }, Answer(0, 2, Outcome.Correct) with { Endpoint = moved },
        ]));
        await using (var store = Place.OpenReadOnly())
            Assert.Equal([(moved, 2), ("http://127.0.0.1:1/v1", 1)], store.GetEndpoints("run1"));
        var shown = await CommandRunner.RunAsync("runs", "show", "run1", "--store", Store);
        Assert.Contains($"asked at   {moved} (2 answers)", shown.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await ExportAsync("csv", "after")).ExitCode);
        Assert.Contains(moved, await File.ReadAllTextAsync(Folder["after.csv"], TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    private Task CreateAsync() => CreateStoreAsync(
        Place.Place, (Run("run1"),
            [.. from place in new[] { (0, 0), (0, 1), (0, 2), (1, 0), (1, 1) } select Answer(place.Item1, place.Item2, Outcome.Correct)]));

    private Task<CommandResult> EvaluateAsync(FakeModelServer server, params string[] arguments) => CommandRunner.RunAsync(
    [
        "evaluate", "--model", "m", "--api-base", server.BaseUrl.ToString(), "--params", "plain", "--jsonl-path",
        EvaluatorHarness.Demo.JsonlPath!,
        "--limit", "2", "--store", Store, .. arguments,
    ]);

    private string RunId()
    {
        using var connection = Connect();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Kind == StoreKind.Sqlite ? "SELECT id FROM runs" : "SELECT convert_from(id, 'UTF8') FROM runs";
        return (string)command.ExecuteScalar()!;
    }

    private Task<CommandResult> ExportAsync(string format, string name) => CommandRunner.RunAsync(
        "export", "--format", format, "--run", "run1", "--output",
        Folder[format == "core" ? name : $"{name}.{(format == "v1" ? "json" : format)}"], "--store", Store);

    private void Change(string sql)
    {
        using var connection = Connect();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private DbConnection Connect() =>
        Kind == StoreKind.Sqlite ? new SqliteConnection($"Data Source={Store};Pooling=False") : new NpgsqlConnection(Place.Place);
}

/// <summary>On a file.</summary>
public sealed class DamagedStoreOnFileTests() : DamagedStoreTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class DamagedStoreInDatabaseTests() : DamagedStoreTests(StoreKind.Postgres);
