using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Testing;
using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Tests.Results;

public sealed class ResultStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string StorePath => _folder["results.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_written_comes_back_as_it_was()
    {
        var run = SampleRuns.Run("20260102-030405-abcdef", limit: 1) with
        {
            Status = RunStatus.Failed,
            StatusReason = "why",
            GitCommit = "c0ffee",
        };
        var answer = SampleRuns.Answer(0, 1, Outcome.Correct, reply: "zeilen\n\0\u2028 ‮ 日本 \\boxed{A}") with
        {
            Reasoning = "hm", Usage = new TokenUsage(1, 0, 2, null), PromptHash = "ab", ErrorMessage = "none",
        };
        await SampleRuns.CreateStoreAsync(StorePath, (run, [answer]));

        await using var store = ResultStore.OpenReadOnly(StorePath);
        Assert.Equal(run, Assert.Single(store.ListRuns()));
        Assert.Equal(answer, Assert.Single(store.GetAnswers(run.Id)));
        Assert.Equal(SampleRuns.Release.Cases.Select(@case => @case.Json), store.GetCases(SampleRuns.Release.Sha256).Select(@case => @case.Json));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(600)]
    [InlineData(1_000_000)]
    public async Task Nul_characters_cut_no_text(int length)
    {
        var text = new string('é', length) + "\0\\boxed{A}\0";
        var answer = SampleRuns.Answer(0, 0, Outcome.Correct, reply: text) with { Reasoning = text, ErrorMessage = text };
        await SampleRuns.CreateStoreAsync(StorePath, (SampleRuns.Run("r"), [answer]));
        await using var store = ResultStore.Open(StorePath);
        await store.WriteAsync(write => write.PutPrompt("hash", text, "[]"));
        Assert.Equal(answer, Assert.Single(store.GetAnswers("r")));
        Assert.Equal(text, store.FindPrompt("hash")?.Text);
    }

    [Fact]
    public async Task A_stored_reply_is_never_replaced_and_a_failure_is()
    {
        var run = SampleRuns.Run("r");
        await SampleRuns.CreateStoreAsync(StorePath,
            (run, [SampleRuns.Answer(0, 0, Outcome.Correct), SampleRuns.Answer(0, 1, Outcome.Failed)]));
        await using var store = ResultStore.Open(StorePath);
        await store.WriteAsync(write =>
        {
            write.PutAnswer("r", SampleRuns.Answer(0, 0, Outcome.Wrong));
            write.PutAnswer("r", SampleRuns.Answer(0, 1, Outcome.Wrong));
        });
        Assert.Equal(
            [(Outcome.Correct, 1), (Outcome.Wrong, 2)],
            store.GetAnswers("r").Select(answer => (answer.Outcome, answer.Attempts)));
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing_and_one_bad_write_harms_no_other()
    {
        await using var store = ResultStore.Open(StorePath);
        await store.WriteAsync(write =>
        {
            write.AddRelease(SampleRuns.ReleaseOf([.. Enumerable.Repeat(1, 500)]));
            write.AddRun(SampleRuns.Run("r"));
        });
        var writes = Enumerable.Range(0, 500)
            .Select(i => store.WriteAsync(write => write.PutAnswer(i == 250 ? "no such run" : "r", SampleRuns.Answer(i, 0, Outcome.Wrong))))
            .ToList();
        var error = await Assert.ThrowsAsync<StoreException>(() => Task.WhenAll(writes));
        Assert.Contains("no such run", error.Message, StringComparison.Ordinal);
        Assert.Equal(499, store.GetAnswers("r").Count);
        Assert.Equal(499, writes.Count(write => write.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task A_second_writer_is_told_who_is_in_the_way()
    {
        var first = ResultStore.Open(StorePath);
        var error = Assert.Throws<StoreException>(() => ResultStore.Open(StorePath));
        Assert.Equal(StoreProblem.Locked, error.Problem);
        Assert.Contains("locked by another process", error.Message, StringComparison.Ordinal);
        await first.DisposeAsync();
        await ResultStore.Open(StorePath).DisposeAsync();
    }

    [Fact]
    public async Task Another_programs_lock_on_the_database_is_reported_too()
    {
        await SampleRuns.CreateStoreAsync(StorePath, (SampleRuns.Run("r"), []));
        await using var other = new SqliteConnection($"Data Source={StorePath};Pooling=false");
        other.Open();
        Execute(other, "PRAGMA locking_mode = EXCLUSIVE");
        Execute(other, "BEGIN EXCLUSIVE; UPDATE runs SET machine = 'x'");
        var error = Assert.Throws<StoreException>(() => ResultStore.Open(StorePath));
        Assert.Equal(StoreProblem.Locked, error.Problem);
    }

    [Fact]
    public async Task A_newer_store_is_refused_and_left_alone()
    {
        await SampleRuns.CreateStoreAsync(StorePath, (SampleRuns.Run("r"), []));
        await using (var other = new SqliteConnection($"Data Source={StorePath};Pooling=false"))
        {
            other.Open();
            Execute(other, "PRAGMA user_version = 999");
        }

        var before = await File.ReadAllBytesAsync(StorePath, TestContext.Current.CancellationToken);
        Assert.Equal(StoreProblem.TooNew, Assert.Throws<StoreException>(() => ResultStore.Open(StorePath)).Problem);
        Assert.Equal(StoreProblem.TooNew, Assert.Throws<StoreException>(() => ResultStore.OpenReadOnly(StorePath)).Problem);
        Assert.Equal(before, await File.ReadAllBytesAsync(StorePath, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("not a database at all, but long enough to look at: 0123456789012345678901234567890123456789012345678901234567890123456789")]
    [InlineData("short")]
    public void Something_else_under_that_name_is_refused_and_left_alone(string content)
    {
        File.WriteAllText(StorePath, content);
        Assert.Equal(StoreProblem.NotAStore, Assert.Throws<StoreException>(() => ResultStore.Open(StorePath)).Problem);
        Assert.Equal(content, File.ReadAllText(StorePath));
    }

    [Fact]
    public void A_folder_is_called_one_by_all_who_open_it()
    {
        var folder = Directory.CreateDirectory(StorePath + "-folder").FullName;
        Func<string, ResultStore>[] openings = [path => ResultStore.Open(path), ResultStore.OpenExisting, ResultStore.OpenReadOnly];
        foreach (var open in openings)
        {
            var error = Assert.Throws<StoreException>(() => open(folder));
            Assert.Equal(StoreProblem.NotAStore, error.Problem);
            Assert.Contains("is a folder", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_programs_database_is_refused_and_left_alone()
    {
        using (var other = new SqliteConnection($"Data Source={StorePath};Pooling=false"))
        {
            other.Open();
            Execute(other, "CREATE TABLE theirs (x)");
        }

        Assert.Equal(StoreProblem.NotAStore, Assert.Throws<StoreException>(() => ResultStore.Open(StorePath)).Problem);
    }

    [Fact]
    public void A_missing_store_says_where_it_was_looked_for()
    {
        var error = Assert.Throws<StoreException>(() => ResultStore.OpenReadOnly(StorePath));
        Assert.Equal((StoreProblem.Missing, true), (error.Problem, error.Message.Contains(StorePath, StringComparison.Ordinal)));
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
