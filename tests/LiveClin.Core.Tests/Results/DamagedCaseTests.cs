using LiveClin.Core.Answers;
using LiveClin.Core.Merging;
using LiveClin.Core.Results;
using LiveClin.Testing;
using Microsoft.Data.Sqlite;
using static LiveClin.Testing.SampleRuns;

namespace LiveClin.Core.Tests.Results;

/// <summary>A stored case that is none any more: what the answers to it tell stands in its place, and its text can be put back.</summary>
public sealed class DamagedCaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Place => _folder["s.db"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("substr(json, 1, 60)")]
    [InlineData("CAST(substr(CAST(json AS BLOB), 1, 70) || x'FF' AS TEXT)")]
    [InlineData("''")]
    [InlineData("'{}'")]
    [InlineData("'[1]'")]
    [InlineData("'\"text\"'")]
    [InlineData("'{\"exam_creation\":{\"final_policy\":{\"mcqs\":[1,2]}}}'")]
    [InlineData("'{\"exam_creation\":{\"final_policy\":{\"mcqs\":7}}}'")]
    [InlineData("replace(json, '{', '')")]
    public async Task What_its_answers_tell_stands_in_its_place(string text)
    {
        await CreateAsync();
        Change($"UPDATE cases SET json = {text} WHERE ordinal = 1");
        await using var store = ResultStore.OpenReadOnly(Place);

        var cases = store.LoadRelease(Release.Sha256)!.Cases;
        Assert.Equal([("1000", false, 3), ("1001", true, 2)], cases.Select(@case => (@case.Id, @case.IsDamaged, @case.Questions.Length)));
        Assert.Equal(["A", ""], cases[1].Questions.Select(question => question.Key)); // nobody was right at the second
        Assert.Equal([3, 2], store.QuestionCounts(Release.Sha256));
        var tally = store.Tally(store.FindRun("run1")!);
        Assert.Equal((5, 5, 4, 2, 1), (tally.Questions, tally.QuestionsDone, tally[Outcome.Correct], tally.Cases, tally.CasesCorrect));
        Assert.Equal([new StoreDamage("run1", "1001", null, null)], StoreDamage.Find(store, [store.FindRun("run1")!]));
    }

    [Fact]
    public async Task A_case_that_the_database_itself_cannot_read_is_one_too()
    {
        // Long enough to lie on pages of its own, whose chain is then cut.
        var marker = new string('m', 30_000);
        var release = Release with
        {
            Cases = [.. Release.Cases.Select(@case =>
                @case with { Json = @case.Json.Replace("Scenario 0", marker, StringComparison.Ordinal) })],
        };
        await CreateStoreAsync(Place, release, (Run("run1"), [Answer(0, 0, Outcome.Correct), Answer(1, 0, Outcome.Correct)]));
        CutPagesOf(marker);
        await using var store = ResultStore.OpenReadOnly(Place);

        Assert.Equal([(true, 3), (false, 2)],
            store.LoadRelease(Release.Sha256)!.Cases.Select(@case => (@case.IsDamaged, @case.Questions.Length)));
        Assert.Equal((5, 2), (store.Tally(store.FindRun("run1")!).Questions, store.Tally(store.FindRun("run1")!).QuestionsDone));
        Assert.Equal(["1000"], StoreDamage.Find(store, store.ListRuns()).Select(damage => damage.CaseId));
    }

    [Fact]
    public async Task What_stands_before_the_break_is_kept()
    {
        await CreateAsync();
        Change("UPDATE cases SET json = substr(json, 1, instr(json, 'exam_creation') + 20)");
        await using var store = ResultStore.OpenReadOnly(Place);

        Assert.Equal([("Chapter 1", "1"), ("Chapter 1", "1")],
            store.LoadRelease(Release.Sha256)!.Cases.Select(@case => (@case.Chapter, @case.Rarity)));
        Assert.Equal([3, 2], store.QuestionCounts(Release.Sha256));
        Assert.Equal([0, 1], store.CasesOf(store.FindRun("run1")!).Select(asked => asked.Ordinal));
    }

    [Fact]
    public async Task Of_the_only_one_even_the_number_of_unanswered_questions_is_known()
    {
        await CreateStoreAsync(Place, (Run("run1"), [Answer(0, 0, Outcome.Correct)]));
        Change("UPDATE cases SET json = '' WHERE ordinal = 0");
        await using var store = ResultStore.OpenReadOnly(Place);
        Assert.Equal([3, 2], store.QuestionCounts(Release.Sha256));
    }

    [Fact]
    public async Task The_releases_own_text_is_put_back()
    {
        await CreateAsync();
        Change("UPDATE cases SET json = replace(json, 'Question 0', 'Qvestion 0') WHERE ordinal = 0; UPDATE cases SET json = '' WHERE ordinal = 1");
        await using var store = ResultStore.Open(Place);
        Assert.True(store.LoadRelease(Release.Sha256)!.Cases[1].IsDamaged);

        // Another store proves nothing about a text that is a case.
        Assert.Equal(["1001"], (await store.RepairAsync(Release, isFromFile: false)).Select(@case => @case.Id));
        Assert.Equal(["1000"], (await store.RepairAsync(Release, isFromFile: true)).Select(@case => @case.Id));
        Assert.Empty(await store.RepairAsync(Release, isFromFile: true));
        Assert.Equal(Release.Cases.Select(@case => @case.Json), store.GetCases(Release.Sha256).Select(stored => stored.Json));
        Assert.Empty(StoreDamage.Find(store, store.ListRuns()));
    }

    [Fact]
    public async Task A_merge_puts_it_back_and_never_takes_it_over()
    {
        await CreateAsync();
        File.Copy(Place, _folder["sound.db"]);
        Change("UPDATE cases SET json = '' WHERE ordinal = 1");
        await using (var damaged = ResultStore.OpenReadOnly(Place))
        await using (var other = ResultStore.Open(_folder["new.db"]))
        {
            var merged = await new StoreMerge(damaged, other).RunAsync(TestContext.Current.CancellationToken);
            Assert.Contains("case 1001 is no case any more", Assert.Single(merged.Damaged), StringComparison.Ordinal);
            Assert.Empty(other.ListReleases());
        }

        await using var sound = ResultStore.OpenReadOnly(_folder["sound.db"]);
        await using var target = ResultStore.Open(Place);
        await new StoreMerge(sound, target).RunAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(target.LoadRelease(Release.Sha256)!.Cases, @case => @case.IsDamaged);
    }

    private async Task CreateAsync() => await CreateStoreAsync(
        Place, (Run("run1"), [
            Answer(0, 0, Outcome.Correct), Answer(0, 1, Outcome.Correct), Answer(0, 2, Outcome.Correct),
            Answer(1, 0, Outcome.Correct), Answer(1, 1, Outcome.Wrong),
        ]));

    // Each such page begins with the number of the next one.
    private void CutPagesOf(string marker)
    {
        const int PageBytes = 4096;
        var bytes = File.ReadAllBytes(Place);
        var page = bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(marker[..(PageBytes / 2)])) / PageBytes;
        // That one may hold other rows as well; the one after it is the case's alone.
        bytes.AsSpan((page + 1) * PageBytes, 4).Fill(0xFF);
        File.WriteAllBytes(Place, bytes);
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Place};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.InRange(command.ExecuteNonQuery(), 1, 2);
    }
}
