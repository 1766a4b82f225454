using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Service;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Service;

public sealed class FollowedRunsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_who_does_not_read_holds_some_answers_and_gets_all_of_them()
    {
        const int Epochs = 2 * FollowedRuns.MostHeld;
        var answers = Enumerable.Range(1, Epochs)
            .Select(epoch => SampleRuns.Answer(0, 0, Outcome.Correct) with { Epoch = epoch, Reply = $"reply {epoch}" }).ToArray();
        await SampleRuns.CreateStoreAsync(_folder["s.db"], (SampleRuns.Run("run"), answers));
        await using var store = ResultStore.OpenReadOnly(_folder["s.db"]);
        var feed = new AnswerFeed();
        await using var followed = new FollowedRuns(store, [("run", feed)]);

        foreach (var answer in answers) feed.Publish(answer);
        feed.End();
        var read = new List<string>();
        await foreach (var (_, answer) in followed.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            Assert.InRange(followed.Held, 0, FollowedRuns.MostHeld);
            read.Add(answer.Reply!);
        }

        Assert.Equal(answers.Select(answer => answer.Reply), read);
        Assert.Equal(0, followed.Held);
    }
}
