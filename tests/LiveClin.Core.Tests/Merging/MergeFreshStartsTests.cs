using LiveClin.Core.Answers;
using LiveClin.Core.Merging;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Merging;

/// <summary>Merges between stores in which runs were begun afresh, in any order and in both directions.</summary>
public sealed class MergeFreshStartsTests
{
    private static readonly (int Case, int Question)[] Places =
        [.. SampleRuns.Release.Cases.SelectMany(@case => @case.Questions.Select((_, question) => (@case.Ordinal, question)))];

    private int _runs;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StoreKind.Sqlite, 2)]
    [InlineData(StoreKind.Sqlite, 5)]
    [InlineData(StoreKind.Sqlite, 14)]
    [InlineData(StoreKind.Postgres, 2)]
    public async Task One_run_of_an_identity_counts_wherever_stores_were_merged_and_merging_twice_changes_nothing(StoreKind kind, int seed)
    {
        var random = new Random(seed);
        await using var first = await TestStore.CreateAsync(kind);
        await using var second = await TestStore.CreateAsync(StoreKind.Sqlite);
        await using var third = await TestStore.CreateAsync(StoreKind.Sqlite);
        var places = new[] { first.Place, second.Place, third.Place };
        // Two stores with a run of their own, and one that has the second's.
        foreach (var place in places[..2]) await AskAsync(place, fresh: false, random);
        await MergeAsync(places[1], places[2]);
        for (var step = 0; step < 20; step++)
        {
            var to = random.Next(places.Length);
            var from = (to + random.Next(1, places.Length)) % places.Length;
            switch (random.Next(4))
            {
                case 0:
                    await AskAsync(places[to], fresh: true, random);
                    break;
                case 1:
                    await AskAsync(places[to], fresh: false, random);
                    break;
                default:
                    await MergeAsync(places[from], places[to]);
                    var once = await EverythingAsync(places[to]);
                    Assert.Single(once, line => line.StartsWith("counts ", StringComparison.Ordinal));
                    await MergeAsync(places[from], places[to]);
                    Assert.Equal(once, await EverythingAsync(places[to]));
                    break;
            }
        }
    }

    // The next open place gets a reply that no other run has there.
    private async Task AskAsync(string place, bool fresh, Random random)
    {
        await using var store = ResultStore.Open(place);
        var run = store.ListRuns().SingleOrDefault(known => known.SupersededBy is null);
        var begins = fresh || run is null;
        var id = begins ? $"r{random.Next(1000)}-{_runs++}" : run!.Id;
        var next = begins ? 0 : store.GetAnswers(id).Count;
        await store.WriteAsync(write =>
        {
            if (begins) write.AddRelease(SampleRuns.Release);
            if (begins) write.AddRun(SampleRuns.Run(id));
            if (fresh) write.Supersede(id);
            if (next < Places.Length)
                write.PutAnswer(id, SampleRuns.Answer(Places[next].Case, Places[next].Question, Outcome.Correct, $"{id} {next}"));
        });
    }

    private static async Task<MergeResult> MergeAsync(string from, string to)
    {
        await using var source = ResultStore.OpenReadOnly(from);
        await using var target = ResultStore.Open(to);
        return await new StoreMerge(source, target).RunAsync(Stop);
    }

    private static async Task<IReadOnlyList<string>> EverythingAsync(string place)
    {
        await using var store = ResultStore.OpenReadOnly(place);
        return [.. store.ListRuns().SelectMany(run => (string[])[$"{(run.SupersededBy is null ? "counts" : "superseded")} {run}",
            .. store.GetAnswers(run.Id).Select(answer => answer.ToString()),
            .. store.GetEvents(run.Id).Select(noted => noted.ToString())])];
    }
}
