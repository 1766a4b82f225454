using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using Microsoft.Data.Sqlite;
using Outcome = LiveClin.Core.Answers.Outcome;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>An export through the service leaves out what is damaged, and says what.</summary>
public sealed class DamagedExportTests : IDisposable
{
    private const string Damage =
        "case 1000, question 2 of run run1: the stored reply is not the one that was written (its checksum differs); left out";
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Message_header_and_answers_say_what_is_damaged()
    {
        var path = _folder["s.db"];
        await SampleRuns.CreateStoreAsync(path,
            (SampleRuns.Run("run1"), [.. from question in Enumerable.Range(0, 3) select SampleRuns.Answer(0, question, Outcome.Correct)]));
        using (var connection = new SqliteConnection($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE answers SET reply = reply || ' ' WHERE question = 1";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        await using var evaluator = await RunningEvaluator.StartAsync(path);
        using var export = evaluator.Client.ExportRun(new ExportRunRequest { RunId = "run1", Format = ExportFormat.Jsonl },
            cancellationToken: Stop);
        Assert.True(await export.ResponseStream.MoveNext(Stop));
        Assert.Equal([Damage], export.ResponseStream.Current.Damaged);
        using var file = await evaluator.Http.GetAsync("/v1/runs/run1:export?format=csv", Stop);
        Assert.Equal(["1", Damage], file.Headers.GetValues("LiveClin-Damaged"));
        using var answers = evaluator.Client.StreamAnswers(new StreamAnswersRequest { RunIds = { "run1" } }, cancellationToken: Stop);
        var all = await answers.ResponseStream.ReadAllAsync(Stop).SelectMany(batch => batch.Answers.ToAsyncEnumerable()).ToListAsync(Stop);
        Assert.Equal([false, true, false], all.OrderBy(answer => answer.QuestionIndex).Select(answer => answer.Damaged));
    }
}
