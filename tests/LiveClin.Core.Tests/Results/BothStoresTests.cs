using LiveClin.Core.Answers;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Core.Reviews;
using LiveClin.Testing;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Core.Tests.Results;

/// <summary>What holds of every store, on the kind that a subclass names.</summary>
public abstract class BothStoresTests(StoreKind kind) : IAsyncLifetime
{
    private TestStore? _place;

    protected TestStore Place => _place!;

    public async ValueTask InitializeAsync() => _place = await TestStore.CreateAsync(kind);

    public async ValueTask DisposeAsync()
    {
        if (_place is not null) await _place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Answers_come_page_by_page_without_a_gap_and_with_those_that_come_meanwhile()
    {
        const int Cases = 1_300;
        var run = Run("20260102-030405-abcdef");
        var first = Enumerable.Range(0, Cases).Select(ordinal => Answer(ordinal, 0, Outcome.Wrong, reply: "\\boxed{B}")).ToArray();
        await CreateStoreAsync(Place.Place, ReleaseOf([.. Enumerable.Repeat(1, Cases)]), (run, first));
        await using var store = Place.Open();
        var read = new List<Answer>();
        foreach (var answer in store.StreamAnswers(run.Id))
        {
            // While a page is being taken somebody writes what comes after it.
            if (read.Count == 0) await store.WriteAsync(write => write.PutAnswer(run.Id, first[0] with { Epoch = 2 }));
            read.Add(answer);
        }

        Assert.Equal([.. first, first[0] with { Epoch = 2 }], read);
        Assert.Equal(store.GetAnswers(run.Id), store.StreamAnswers(run.Id));
        Assert.Empty(store.StreamAnswers(run.Id, DateTimeOffset.MaxValue));
    }

    [Fact]
    public async Task What_is_written_comes_back_as_it_was()
    {
        var run = Run("20260102-030405-abcdef", limit: 1) with { Status = RunStatus.Failed, StatusReason = "why", GitCommit = "c0ffee" };
        var answer = Answer(0, 1, Outcome.Correct, reply: "zeilen\n\0\u2028 ‮ 日本 \\boxed{A}") with
        {
            Reasoning = "hm", Usage = new TokenUsage(1, 0, 2, null), PromptHash = "ab", ErrorMessage = "none",
        };
        await CreateStoreAsync(Place.Place, (run, [answer]));

        await using var store = Place.OpenReadOnly();
        Assert.Equal(run, Assert.Single(store.ListRuns()));
        Assert.Equal(answer, Assert.Single(store.GetAnswers(run.Id)));
        Assert.Equal([answer], store.GetAnswers(run.Id, caseOrdinal: 0));
        Assert.Equal([answer], store.GetConversation(run.Id, 1, 0));
        Assert.Equal([answer], store.StreamEpoch(run.Id, 1));
        Assert.Equal((1, "A", true), Assert.Single(store.GetOutcomes(run.Id)) is var outcome
            ? (outcome.QuestionIndex, outcome.Letter, outcome.HasReply) : default);
        Assert.Equal(2, store.MeanReply("model")?.Whole);
        Assert.Equal(run.Id, store.FindRun("2026")?.Id);
        Assert.Equal(Release.Cases.Select(clinicalCase => clinicalCase.Json), store.GetCases(Release.Sha256).Select(stored => stored.Json));
        Assert.Equal([3, 2], store.QuestionCounts(Release.Sha256));
        Assert.Equal(Release.Name, Assert.Single(store.ListReleases()).Name);
    }

    [Fact]
    public async Task Counts_of_tokens_that_cannot_be_are_unknown_also_where_a_store_holds_them()
    {
        var run = Run("r", limit: 1);
        var answers = Enumerable.Range(0, 3).Select(question => Answer(0, question, Outcome.Correct) with
        {
            Usage = new TokenUsage(10, 4, 6, 2),
        });
        await CreateStoreAsync(Place.Place, (run, [.. answers]));
        await Place.ExecuteAsync(
            $"""
            UPDATE answers SET input_tokens = {long.MaxValue}, cached_tokens = {long.MaxValue},
                output_tokens = {long.MaxValue}, reasoning_tokens = {long.MinValue} WHERE question > 0
            """);
        await Place.ExecuteAsync("UPDATE answers SET output_tokens = -5000000 WHERE question = 2");

        await using var store = Place.OpenReadOnly();
        Assert.Equal(new RunUsage { Input = 10, CachedInput = 4, Output = 6, Reasoning = 2, RepliesUncounted = 2 }, store.Tally(run).Usage);
        Assert.Equal(new ReplyLength(6, 4), store.MeanReply("model"));
        Assert.Equal([new TokenUsage(10, 4, 6, 2), TokenUsage.Unknown, TokenUsage.Unknown],
            store.GetAnswers("r").Select(answer => answer.Usage));
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("half \ud83d of a pair, \udc00 and \ud83d\udca1 whole\0")]
    [InlineData("what stands for the unreadable: \ufffd")]
    [InlineData("")]
    public async Task Text_is_kept_to_the_last_byte_however_long(string text)
    {
        var @long = string.Concat(Enumerable.Repeat(text + "é", 100_000));
        foreach (var (reply, question) in new[] { (text, 0), (@long, 1) })
        {
            var answer = Answer(0, question, Outcome.Correct, reply) with { Reasoning = reply, ErrorMessage = reply, FinishReason = reply };
            if (question == 0) await CreateStoreAsync(Place.Place, (Run("r"), [answer]));
            await using var store = Place.Open();
            await store.WriteAsync(write =>
            {
                write.PutAnswer("r", answer);
                write.PutPrompt($"hash {question}", reply, "[]");
            });
            Assert.Equal(answer, store.GetAnswers("r")[question]);
            Assert.Equal(reply, store.FindPrompt($"hash {question}")?.Text);
        }
    }

    [Fact]
    public async Task A_stored_reply_is_never_replaced_and_a_failure_is()
    {
        await CreateStoreAsync(Place.Place, (Run("r"), [Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Failed)]));
        await using var store = Place.Open();
        await store.WriteAsync(write =>
        {
            write.PutAnswer("r", Answer(0, 0, Outcome.Wrong));
            write.PutAnswer("r", Answer(0, 1, Outcome.Wrong));
        });
        Assert.Equal([(Outcome.Correct, 1), (Outcome.Wrong, 2)], store.GetAnswers("r").Select(answer => (answer.Outcome, answer.Attempts)));
    }

    [Fact]
    public async Task Many_writers_at_once_lose_nothing_and_one_bad_write_harms_no_other()
    {
        await using var store = Place.Open();
        await store.WriteAsync(write =>
        {
            write.AddRelease(ReleaseOf([.. Enumerable.Repeat(1, 300)]));
            write.AddRun(Run("r"));
        });
        var writes = Enumerable.Range(0, 300)
            .Select(i => store.WriteAsync(write => write.PutAnswer(i == 150 ? "no such run" : "r", Answer(i, 0, Outcome.Wrong)))).ToList();
        var error = await Assert.ThrowsAsync<StoreException>(() => Task.WhenAll(writes));
        Assert.Contains("no such run", error.Message, StringComparison.Ordinal);
        Assert.Equal(299, store.GetAnswers("r").Count);
        Assert.Equal(299, writes.Count(write => write.IsCompletedSuccessfully));
    }

    [Fact]
    public async Task Counts_are_the_same_and_follow_each_write()
    {
        await CreateStoreAsync(Place.Place, (Run("r"), [
            Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Failed), Answer(0, 2, Outcome.NotRun), Answer(1, 0, Outcome.Correct)]));
        await using var store = Place.Open();
        var tally = store.Tally(store.FindRun("r")!);
        Assert.Equal((5, 4, 2, 2, 0), (tally.Questions, tally.QuestionsDone, tally.QuestionsAnswered, tally.Cases, tally.CasesCorrect));
        Assert.Equal((2, 0, 1, 2), (tally[Outcome.Correct], tally[Outcome.Wrong], tally[Outcome.Failed], tally[Outcome.NotRun]));
        Assert.Equal((400, null, 20, 0), (tally.Usage.Input, tally.Usage.CachedInput, tally.Usage.Output, tally.Usage.RepliesUncounted));
        Assert.Equal([("http_500", 1)], tally.FailuresByKind.Select(failure => (failure.Key, failure.Value)));
        await using var reader = Place.OpenReadOnly();
        Assert.Equal(0, reader.Tally(reader.FindRun("r")!)[Outcome.Wrong]);
        await store.WriteAsync(write => write.PutAnswer("r", Answer(1, 1, Outcome.Wrong)));
        Assert.Equal(1, store.Tally(store.FindRun("r")!)[Outcome.Wrong]);
        Assert.Equal(1, reader.Tally(reader.FindRun("r")!)[Outcome.Wrong]);
    }

    [Fact]
    public async Task Runs_are_named_chosen_hidden_tagged_superseded_and_deleted()
    {
        var other = Run("b") with { Status = RunStatus.Completed };
        await CreateStoreAsync(Place.Place, (Run("a"), [Answer(0, 0, Outcome.Correct)]), (other, []));
        await using var store = Place.Open();
        await store.WriteAsync(write =>
        {
            write.SetChosen("a", true);
            write.SetHidden("a", true);
            write.SetTags("a", ["one", "two"]);
            write.SetName("a", "the name");
            write.AddEvent("a", "kind", "first");
            write.AddEvent("a", "kind", "second\0");
            write.PutRunImage("a", new RunImage("x.png", "ab", 3, null));
            write.PutRunImage("a", new RunImage("x.png", "cd", 4, null));
            write.PutImage("ab", "/x.png", "image/png", 3);
            write.PutImage("ab", "/y.png", "image/png", 3);
            write.Supersede("b");
        });
        var run = store.FindRun("a")!;
        Assert.Equal((true, true, "the name", "b"), (run.IsChosen, run.IsHidden, run.Name, run.SupersededBy));
        Assert.Equal(["one", "two"], run.Tags);
        Assert.Equal(["first", "second\0"], store.GetEvents("a").Select(noted => noted.Message));
        Assert.Equal("ab", Assert.Single(store.GetRunImages("a")).Sha256);
        Assert.Equal("/y.png", store.FindImage("ab")?.Path);
        Assert.Equal("b", store.FindContinuable(run.Specification, RunTarget.Whole)?.Id);
        await store.WriteAsync(write => write.DeleteRun("b"));
        Assert.Equal("a", store.FindContinuable(run.Specification, RunTarget.Whole)?.Id);
        await store.WriteAsync(write => write.DeleteRun("a"));
        Assert.Empty(store.ListRuns());
    }

    [Fact]
    public async Task Environments_conditions_and_verdicts_come_back()
    {
        var plain = Run("r");
        var run = plain with { Specification = plain.Specification with { Condition = "shuffled:1" } };
        var turned = LetterMap.Lettered(["B", "A"]);
        var environment = new RunEnvironment { ProgramVersion = "1", Machine = "m", Endpoint = "e" };
        await using var store = Place.Open();
        await store.WriteAsync(write =>
        {
            write.AddRelease(Release);
            write.AddRun(run, idempotencyKey: "once");
            write.PutRunCases(run.Id,
                [new RunCase(1, "hash", [new RunQuestion(true, turned), new RunQuestion(false, LetterMap.Identity)])]);
            write.PutAnswer(run.Id, Answer(1, 0, Outcome.Correct).WithLetter("B", turned));
            for (var i = 0; i < 3; i++) write.PutEnvironment("r", new RecordedEnvironment(run.StartedAt.AddSeconds(i), environment with
            {
                Machine = i < 2 ? "m" : "n",
            }));
            write.PutVerdict(Release.Sha256, new Verdict(default, 0, 1, true, "ann", run.StartedAt));
            write.PutVerdict(Release.Sha256, new Verdict(default, 0, 1, false, "ann", run.StartedAt.AddDays(1)));
            write.PutVerdict(Release.Sha256, new Verdict(default, 0, 1, true, "ann", run.StartedAt));
        });
        Assert.Equal("r", store.FindRunByIdempotencyKey("once")?.Id);
        Assert.Equal([1], store.CasesOf(run).Select(asked => asked.Ordinal));
        Assert.Equal(("B", "A"), Assert.Single(store.GetAnswers("r")) is var answer ? (answer.ShownLetter!, answer.Letter!) : default);
        Assert.Equal(["m", "n"], store.GetEnvironments("r").Select(recorded => recorded.Environment.Machine));
        Assert.False(Assert.Single(store.GetVerdicts(Release.Sha256)).Holds);
    }

    [Fact]
    public async Task A_store_that_is_not_there_says_so()
    {
        var error = Assert.Throws<StoreException>(Place.OpenReadOnly);
        Assert.Contains(kind == StoreKind.Sqlite ? "There is no store at" : "is empty", error.Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }
}

/// <summary>On a file.</summary>
public sealed class SqliteStoreTests() : BothStoresTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class PostgresStoreTests() : BothStoresTests(StoreKind.Postgres);
