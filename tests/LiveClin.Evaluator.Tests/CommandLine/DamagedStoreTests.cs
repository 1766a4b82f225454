using System.Data.Common;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
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
        Assert.Contains("damaged: case 1000, question 2 of run run1: the stored reply is not the one that was written", exported.Error, StringComparison.Ordinal);
        var text = string.Concat(Directory.EnumerateFiles(Folder.FullName, "after*", SearchOption.AllDirectories).Concat(
            format == "core" ? Directory.EnumerateFiles(Folder["after"]) : []).Select(File.ReadAllText));
        Assert.DoesNotContain("boxed{C}", text, StringComparison.Ordinal);
        Assert.Contains("boxed{A}", text, StringComparison.Ordinal);

        var shown = await CommandRunner.RunAsync("runs", "show", "run1", "--store", Store);
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
        Assert.Equal((1, true), (exported.ExitCode, exported.Error.Contains("damaged: case 1001: what is stored of it is no case any more", StringComparison.Ordinal)));
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
        Assert.Equal((2, true), (merged.ExitCode, merged.Error.Contains("is damaged where it comes from", StringComparison.Ordinal)));
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
        Assert.Contains(moved, await File.ReadAllTextAsync(Folder["after.csv"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private Task CreateAsync() => CreateStoreAsync(
        Place.Place, (Run("run1"), [.. from place in new[] { (0, 0), (0, 1), (0, 2), (1, 0), (1, 1) } select Answer(place.Item1, place.Item2, Outcome.Correct)]));

    private Task<CommandResult> ExportAsync(string format, string name) => CommandRunner.RunAsync(
        "export", "--format", format, "--run", "run1", "--output", Folder[format == "core" ? name : $"{name}.{(format == "v1" ? "json" : format)}"], "--store", Store);

    private void Change(string sql)
    {
        using var connection = Connect();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, command.ExecuteNonQuery());
    }

    private DbConnection Connect() => Kind == StoreKind.Sqlite ? new SqliteConnection($"Data Source={Store};Pooling=False") : new NpgsqlConnection(Place.Place);
}

/// <summary>On a file.</summary>
public sealed class DamagedStoreOnFileTests() : DamagedStoreTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class DamagedStoreInDatabaseTests() : DamagedStoreTests(StoreKind.Postgres);
