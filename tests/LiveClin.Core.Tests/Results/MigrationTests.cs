using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Results;

/// <summary>Stores of earlier versions keep working.</summary>
public sealed class MigrationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Old_runs_become_published_runs_of_one_epoch_with_their_limit_as_target(int schema)
    {
        await using var store = ResultStore.Open(OldStores.Copy(schema, _folder));
        var runs = store.ListRuns().Reverse().ToList();
        Assert.Equal(["1", "all", "all", "1", "all"], runs.Select(run => run.Target.ToString()));
        Assert.All(runs, run => Assert.Equal((RunSpecification.Published, null, false, false),
            (run.Specification.Condition, run.SupersededBy, run.IsChosen, run.IsHidden)));
        Assert.Equal([RunStatus.Completed, RunStatus.EndedWithFailures, RunStatus.Completed, RunStatus.Completed, RunStatus.Running],
            runs.Select(run => run.Status));
        Assert.Equal([false, false, false, true, false], runs.Select(run => run.IsImported));
        Assert.Equal([6, 16, 16, 6, 11], runs.Select(run => store.GetAnswers(run.Id).Count));
        Assert.All(runs.SelectMany(run => store.GetAnswers(run.Id)), answer => Assert.Equal(1, answer.Epoch));

        var tally = store.Tally(runs[1]);
        Assert.Equal((OldStores.Questions, 7, 9, false, false),
            (tally.Questions, tally.QuestionsAnswered, tally.QuestionsFailed, tally.IsComplete, tally.IsPartial));
        Assert.Equal([("content_filter", 1), ("empty_reply", 1), ("http_400", 1)],
            tally.FailuresByKind.Select(failure => (failure.Key, failure.Value)).Order());
        Assert.Equal((1, 1, 1), (tally[Outcome.Filtered], tally[Outcome.Truncated], tally[Outcome.Failed]));
        Assert.True(store.Tally(runs[0]).IsPartial);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Runs_that_share_an_identity_now_stay_separate_and_the_one_with_most_replies_goes_on(int schema)
    {
        await using var store = ResultStore.Open(OldStores.Copy(schema, _folder));
        var runs = store.ListRuns().Reverse().ToList();
        Assert.Equal(runs[0].Specification.Identity, runs[1].Specification.Identity);
        Assert.Equal(3, runs.Where(run => !run.IsImported).Select(run => run.Specification.Identity).Distinct().Count());
        Assert.Equal(runs[1].Id, store.FindContinuable(runs[0].Specification, RunTarget.Whole)?.Id);
        Assert.Equal(runs[0].Id, store.FindContinuable(runs[1].Specification, RunTarget.Of(1))?.Id);
        Assert.Equal(runs[4].Id, store.FindContinuable(runs[4].Specification, RunTarget.Whole)?.Id);
    }

    [Fact]
    public async Task Runs_from_before_conditions_are_what_they_were_and_go_on()
    {
        await using var store = ResultStore.Open(OldStores.Copy(3, _folder));
        await using var before = ResultStore.Open(OldStores.Copy(2, _folder));
        var runs = store.ListRuns();
        Assert.Equal(before.ListRuns(), runs.Skip(1));
        foreach (var run in runs.Skip(1)) Assert.Equal(before.GetAnswers(run.Id), store.GetAnswers(run.Id));
        var repeated = runs[0];
        Assert.Equal(("repeated", "2,2", RunSpecification.Published),
            (repeated.Specification.Model, repeated.Target.ToString(), repeated.Specification.Condition));
        Assert.Equal(repeated.Id, store.FindContinuable(repeated.Specification, RunTarget.Whole)?.Id);
        Assert.Empty(store.GetRunCases(repeated.Id));
        var answers = store.GetAnswers(repeated.Id);
        Assert.Equal((22, 22, 0),
            (answers.Count, store.Tally(repeated).QuestionsAnswered, answers.Count(answer => answer.Letter != answer.ShownLetter)));
        Assert.Equal([0, 1], store.CasesOf(repeated).Select(asked => asked.Ordinal));
    }

    [Fact]
    public async Task Runs_from_before_environments_are_what_they_were_and_their_tokens_are_known()
    {
        await using var store = ResultStore.Open(OldStores.Copy(4, _folder));
        await using var before = ResultStore.Open(OldStores.Copy(3, _folder));
        var runs = store.ListRuns();
        Assert.Equal(before.ListRuns(), runs.Skip(1));
        var conditioned = runs[0];
        Assert.Equal(("conditioned", "shuffled:1+no-images", null),
            (conditioned.Specification.Model, conditioned.Specification.Condition, conditioned.Name));
        Assert.Empty(store.GetEnvironments(conditioned.Id));
        var answers = store.GetAnswers(conditioned.Id);
        Assert.Equal((OldStores.Questions, 3), (answers.Count, store.GetRunCases(conditioned.Id).Count));
        Assert.Contains(answers, answer => answer.Letter != answer.ShownLetter);
        var usage = store.Tally(conditioned).Usage;
        Assert.Equal((answers.Sum(answer => answer.Usage.Input), answers.Sum(answer => answer.Usage.Output), 0),
            ((int?)usage.Input, (int?)usage.Output, usage.RepliesUncounted));
        Assert.True(usage.Input > usage.Output);
    }

    [Fact]
    public async Task Runs_from_before_checksums_are_what_they_were_and_none_of_their_replies_counts_as_damaged()
    {
        await using var store = ResultStore.Open(OldStores.Copy(6, _folder));
        await using var before = ResultStore.Open(OldStores.Copy(4, _folder));
        var runs = store.ListRuns();
        Assert.Equal(before.ListRuns(), runs.Skip(1));
        foreach (var run in runs.Skip(1)) Assert.Equal(before.GetAnswers(run.Id), store.GetAnswers(run.Id));
        var recorded = runs[0];
        Assert.Equal(("recorded", "shuffled:2"), (recorded.Specification.Model, recorded.Specification.Condition));
        Assert.All(store.GetAnswers(recorded.Id), answer => Assert.Equal((null, false), (answer.Endpoint, answer.IsDamaged)));
        Assert.Empty(store.GetEndpoints(recorded.Id));
        Assert.Empty(StoreDamage.Find(store, runs));
        Assert.Single(store.GetEnvironments(recorded.Id));
    }

    [Fact]
    public async Task Runs_from_before_requests_were_recorded_are_what_they_were_and_can_be_deleted()
    {
        await using var store = ResultStore.Open(OldStores.Copy(7, _folder));
        await using var before = ResultStore.Open(OldStores.Copy(6, _folder));
        var runs = store.ListRuns();
        Assert.Equal(before.ListRuns(), runs.Skip(1));
        foreach (var run in runs.Skip(1)) Assert.Equal(before.GetAnswers(run.Id), store.GetAnswers(run.Id));
        var recorded = runs[0];
        Assert.Equal("recorded-7", recorded.Specification.Model);
        Assert.Equal((16, true),
            (store.GetAnswers(recorded.Id).Count,
            store.GetAnswers(recorded.Id).All(answer => answer is { Endpoint: not null, IsDamaged: false })));
        Assert.Null(store.FindStartRequest("key"));
        await store.WriteAsync(write => write.PutStartRequest(recorded.Id, "key", new string('0', 64)));
        await store.WriteAsync(write => write.PutStartRequest(runs[1].Id, "key", new string('1', 64)));
        Assert.Equal(new StartRequest(recorded.Id, new string('0', 64)), store.FindStartRequest("key"));
        await store.WriteAsync(write => write.DeleteRun(recorded.Id));
        Assert.Null(store.FindStartRequest("key"));
    }

    [Fact]
    public async Task Both_give_the_same_store()
    {
        await using var first = ResultStore.Open(OldStores.Copy(1, _folder));
        await using var second = ResultStore.Open(OldStores.Copy(2, _folder));
        Assert.Equal(first.ListRuns(), second.ListRuns());
        foreach (var run in first.ListRuns())
        {
            Assert.Equal(first.GetAnswers(run.Id), second.GetAnswers(run.Id));
            Assert.Equal(first.GetRunImages(run.Id), second.GetRunImages(run.Id));
        }
    }

    [Fact]
    public async Task The_images_of_old_runs_are_known_by_their_names()
    {
        await using var store = ResultStore.Open(OldStores.Copy(2, _folder));
        var complete = store.ListRuns().Single(run => run.Specification.ParametersJson.Contains("0.7", StringComparison.Ordinal));
        string[] expected = ["audiogram-after.png", "audiogram-before.png", "ecg-flutter-1to1.png", "ecg-flutter.png", "growth-chart.png",
            "levothyroxine-dose.png"];
        var images = store.GetRunImages(complete.Id);
        Assert.Equal(expected, images.Select(image => image.File));
        Assert.All(images, image => Assert.Equal(
            Convert.ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData(
                    File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "data", "demo", "images", image.File)))),
            image.Sha256));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Reading_alone_shows_the_same_and_changes_nothing(int schema)
    {
        var path = OldStores.Copy(schema, _folder);
        var before = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        IReadOnlyList<RunInfo> runs;
        await using (var store = ResultStore.OpenReadOnly(path))
        {
            Assert.Equal(path, store.Path);
            runs = store.ListRuns();
            Assert.Equal(5, runs.Count);
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
        await using var migrated = ResultStore.Open(path);
        Assert.Equal(runs, migrated.ListRuns());
    }
}
