using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Testing;
using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Tests.Results;

/// <summary>What others can do with a store: copy it, back it up, learn who has it.</summary>
public sealed class StoreSharingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string StorePath => _folder["a b #1?.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_locked_store_names_who_holds_it_and_what_to_do()
    {
        await using var first = ResultStore.Open(StorePath);
        var message = Assert.Throws<StoreException>(() => ResultStore.Open(StorePath)).Message;
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}, since 20", message, StringComparison.Ordinal);
        Assert.Contains($"'kill {Environment.ProcessId}'", message, StringComparison.Ordinal);
        Assert.Contains("--store", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_left_is_not_named_and_a_note_left_by_a_crash_is_in_nobodys_way()
    {
        await ResultStore.Open(StorePath).DisposeAsync();
        Assert.False(File.Exists(StorePath + ".writer"));
        await File.WriteAllTextAsync(StorePath + ".writer", "not { JSON", TestContext.Current.CancellationToken);
        await using var store = ResultStore.Open(StorePath);
        var message = Assert.Throws<StoreException>(() => ResultStore.Open(StorePath)).Message;
        Assert.Contains($"process {Environment.ProcessId}", message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(StorePath + ".writer", "{\"Host\":\"\\u001b[31mred\",\"ProcessId\":1,\"Program\":null}",
            TestContext.Current.CancellationToken);
        message = Assert.Throws<StoreException>(() => ResultStore.Open(StorePath)).Message;
        Assert.DoesNotContain(message, char.IsControl);
    }

    [Fact]
    public async Task Who_holds_a_store_is_running_as_long_as_that_process_and_no_later_one_of_its_number()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is sleep.");
        using var process = System.Diagnostics.Process.Start("sleep", "600");
        var holder = new StoreHolder(Environment.MachineName, process.Id, "sleep", DateTimeOffset.UtcNow);
        Assert.True(holder.IsRunningHere());
        Assert.False((holder with { Since = holder.Since.AddMinutes(-1) }).IsRunningHere());
        Assert.False((holder with { Host = "elsewhere" }).IsRunningHere());
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.False(holder.IsRunningHere());
    }

    [Fact]
    public async Task A_plain_copy_of_the_one_file_holds_all_after_a_checkpoint_and_after_closing()
    {
        await SampleRuns.CreateStoreAsync(StorePath, (SampleRuns.Run("r"), []));
        await using (var store = ResultStore.Open(StorePath))
        {
            await store.WriteAsync(write => write.PutAnswer("r", SampleRuns.Answer(0, 0, Outcome.Correct)));
            Assert.Equal(0, await CountInCopyAsync("before.db")); // it is in the log: the test means something
            await store.CheckpointAsync();
            Assert.Equal(1, await CountInCopyAsync("checkpoint.db"));
            await store.WriteAsync(write => write.PutAnswer("r", SampleRuns.Answer(0, 1, Outcome.Correct)));
            // Somebody who reads at the end keeps SQLite from cleaning up by itself.
            await using var reader = new SqliteConnection($"Data Source={StorePath};Mode=ReadOnly;Pooling=false");
            reader.Open();
            await using (var command = reader.CreateCommand())
            {
                command.CommandText = "SELECT count(*) FROM runs";
                await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
            }

            await store.DisposeAsync();
            Assert.Equal(2, await CountInCopyAsync("closed.db"));
        }
    }

    [Fact]
    public async Task A_backup_is_one_whole_file_while_the_store_is_written_to()
    {
        await SampleRuns.CreateStoreAsync(StorePath, (SampleRuns.Run("r"), []));
        await using var store = ResultStore.Open(StorePath);
        await store.WriteAsync(write => write.PutAnswer("r", SampleRuns.Answer(0, 0, Outcome.Correct)));
        await using (var reader = ResultStore.OpenReadOnly(StorePath)) reader.BackUpTo(_folder["backup.db"]);
        await store.WriteAsync(write => write.PutAnswer("r", SampleRuns.Answer(0, 1, Outcome.Correct)));

        Assert.Equal(["backup.db"], Directory.GetFiles(_folder.FullName, "*backup.db*").Select(Path.GetFileName));
        await using var copy = ResultStore.OpenReadOnly(_folder["backup.db"]);
        Assert.Equal(store.ListRuns(), copy.ListRuns());
        Assert.Single(copy.GetAnswers("r"));
        var before = await File.ReadAllBytesAsync(_folder["backup.db"], TestContext.Current.CancellationToken);
        Assert.Contains("exists already", Assert.Throws<StoreException>(() => store.BackUpTo(_folder["backup.db"])).Message,
            StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_folder["backup.db"], TestContext.Current.CancellationToken));
    }

    private async Task<int> CountInCopyAsync(string name)
    {
        File.Copy(StorePath, _folder[name]);
        await using var copy = ResultStore.OpenReadOnly(_folder[name]);
        return copy.GetAnswers("r").Count;
    }
}
