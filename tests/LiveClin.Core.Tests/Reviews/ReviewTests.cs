using System.Text;
using LiveClin.Core.Results;
using LiveClin.Core.Reviews;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Reviews;

/// <summary>Verdicts in files and in the store, and what several of them say together.</summary>
public sealed class ReviewTests : IDisposable
{
    private static readonly Dictionary<string, (int Ordinal, int Questions)> Questions = new() { ["900"] = (0, 3), ["a,b"] = (1, 2) };
    private static readonly DateTimeOffset Day = new(2026, 11, 29, 0, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_read_in_any_order_of_columns_and_written_so_that_it_is_read_again()
    {
        var verdicts = Read("by,date,case,question,holds,topic\n\"Doe, J.\",2026-11-29,900,2,yes,\nRoe,2026-11-30T08:15:00Z,\"a,b\",0,No,key\n");
        Verdict[] expected =
        [
            new(ReviewTopic.NoneOfTheAbove, 0, 2, true, "Doe, J.", Day),
            new(ReviewTopic.Key, 1, 0, false, "Roe", Day.AddDays(1).AddHours(8).AddMinutes(15)),
        ];
        Assert.Equal(expected, verdicts);
        using var written = new MemoryStream();
        ReviewFile.Write(written, verdicts, ["900", "a,b"]);
        Assert.Equal(expected, ReviewFile.Read(new MemoryStream(written.ToArray()), "again", Questions));
    }

    [Theory]
    [InlineData("case,question,holds,by\n", "f.csv:1: the columns must be case, question, holds, by, date")]
    [InlineData("case,question,holds,by,date\n901,0,yes,x,2026-11-29\n", "f.csv, record 2: the release has no case '901'.")]
    [InlineData("case,question,holds,by,date\n900,3,yes,x,2026-11-29\n", "question '3' is none of case 900: it has 0 to 2.")]
    [InlineData("case,question,holds,by,date\n900,0,maybe,x,2026-11-29\n", "holds is 'maybe'; yes or no was expected.")]
    [InlineData("case,question,holds,by,date\n900,0,yes,,2026-11-29\n", "by must be a name")]
    [InlineData("case,question,holds,by,date\n900,0,yes,x,soon\n", "date is 'soon'")]
    [InlineData("case,question,holds,by,date,topic\n900,0,yes,x,2026-11-29,image\n",
        "topic is 'image'; there are: none-of-the-above, key, reply.")]
    public void What_is_wrong_is_said_with_its_place(string content, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Read(content)).Message, StringComparison.Ordinal);

    [Fact]
    public void More_say_so_than_not_and_a_tie_does_not_hold()
    {
        var review = Review.Of(ReviewTopic.Key,
        [
            Says(0, true, "a"), Says(0, true, "b"), Says(0, false, "c"), Says(1, true, "a"), Says(1, false, "b"),
            Says(2, true, "a") with { Topic = ReviewTopic.Reply },
        ]);
        Assert.Equal((true, false, null), (review.Holds(0, 0), review.Holds(0, 1), review.Holds(0, 2)));
        Assert.Equal((2, 1, 1, 3), (review.Reviewed, review.Failed, review.Disputed, review.Reviewers.Count));
    }

    [Fact]
    public async Task The_last_word_of_a_reviewer_stays_in_the_store_and_can_be_taken_back()
    {
        await using var store = ResultStore.Open(_folder["s.db"]);
        var (early, late) = (Says(0, true, "a"), Says(0, false, "a") with { At = Day.AddDays(1) });
        await store.WriteAsync(write =>
        {
            write.AddRelease(SampleRuns.Release);
            foreach (var verdict in (Verdict[])[late, early, Says(0, true, "b")]) write.PutVerdict(SampleRuns.Release.Sha256, verdict);
        });
        Assert.Equal([late, Says(0, true, "b")], store.GetVerdicts(SampleRuns.Release.Sha256));
        await store.WriteAsync(write => write.DeleteVerdict(SampleRuns.Release.Sha256, early));
        Assert.Equal([Says(0, true, "b")], store.GetVerdicts(SampleRuns.Release.Sha256));
        Assert.Empty(store.GetVerdicts("another"));
    }

    [Fact]
    public async Task A_store_from_before_reviews_has_none_and_takes_some()
    {
        await using var store = ResultStore.Open(OldStores.Copy(3, _folder));
        var release = store.ListReleases()[0].Sha256;
        Assert.Empty(store.GetVerdicts(release));
        await store.WriteAsync(write => write.PutVerdict(release, Says(0, true, "a")));
        Assert.Equal([Says(0, true, "a")], store.GetVerdicts(release));
    }

    [Fact]
    public async Task Merging_takes_verdicts_along()
    {
        await using (var source = ResultStore.Open(_folder["source.db"]))
        {
            await source.WriteAsync(write =>
            {
                write.AddRelease(SampleRuns.Release);
                write.AddRun(SampleRuns.Run("r"));
                write.PutAnswer("r", SampleRuns.Answer(0, 0, Core.Answers.Outcome.Correct));
                write.PutVerdict(SampleRuns.Release.Sha256, Says(0, true, "a"));
            });
        }

        await using var target = ResultStore.Open(_folder["target.db"]);
        await using var read = ResultStore.OpenReadOnly(_folder["source.db"]);
        await new Core.Merging.StoreMerge(read, target).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal([Says(0, true, "a")], target.GetVerdicts(SampleRuns.Release.Sha256));
    }

    private static Verdict Says(int question, bool holds, string by) => new(ReviewTopic.Key, 0, question, holds, by, Day);

    private static IReadOnlyList<Verdict> Read(string content) =>
        ReviewFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(content)), "f.csv", Questions);
}
