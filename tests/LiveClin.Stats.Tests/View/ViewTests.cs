using System.Net;
using Grpc.Core;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Evaluator.V1;
using LiveClin.Stats.Tests.CommandLine;
using LiveClin.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Outcome = LiveClin.Core.Answers.Outcome;
using RunStatus = LiveClin.Core.Results.RunStatus;

namespace LiveClin.Stats.Tests.View;

/// <summary><c>view</c>: the pages over a store, read-only.</summary>
public sealed class ViewTests : IDisposable
{
    private const int MostLooks = 200;
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string StorePath => _folder["results.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_page_shows_the_store_says_that_it_is_read_only_and_has_nothing_that_writes()
    {
        await ViewedSample.CreateStoreAsync(StorePath);
        await using var view = await ViewedSample.StartAsync(StorePath);
        (string Path, string Expected)[] pages =
            [("/", "good"), ("/model?name=good", "good"), ("/compare", "poor"), ("/cases", "1000"), ("/case?id=1000", "Question 2"),
                ("/slices", "Chapter 1"),
             ("/items", "Items"), ("/cost", "good"), ("/live", "run-poor"), ("/runs", "run-good"), ("/import", "read-only")];
        foreach (var (path, expected) in pages)
        {
            var html = await UntilAsync(view, path, expected);
            Assert.Contains("Read-only: " + StorePath, html, StringComparison.Ordinal);
            Assert.DoesNotContain("href=\"/import", html, StringComparison.Ordinal);
            Assert.DoesNotContain("type=\"file\"", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_is_damaged_and_where_answers_came_from_is_said_on_pages_in_files_and_by_commands()
    {
        const string first = "http://127.0.0.1:1/v1", second = "http://127.0.0.1:2/v1";
        var answers = ViewedSample.Answers(Outcome.Correct);
        await SampleRuns.CreateStoreAsync(StorePath,
            (SampleRuns.Run("run-good", "good"), [.. answers.Select((answer, i) => answer with { Endpoint = i < 2 ? second : first })]));
        using (var connection = new SqliteConnection($"Data Source={StorePath};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE answers SET reply = replace(reply, '{A}', '{C}') WHERE case_ordinal = 0 AND question = 2";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        const string damage = "case 1000, question 3 of run run-good";
        await using (var view = await ViewedSample.StartAsync(StorePath))
        {
            var model = await UntilAsync(view, "/model?name=good", "Damaged:");
            Assert.Contains(damage, model, StringComparison.Ordinal);
            Assert.Contains($"{first} (2 answers), {second} (2 answers)", model, StringComparison.Ordinal);
            Assert.Contains(damage, await UntilAsync(view, "/", "Damaged in the store"), StringComparison.Ordinal);
            var asked = await UntilAsync(view, "/case?id=1000", "asked at");
            Assert.Contains($"asked at {second}", asked, StringComparison.Ordinal);
            Assert.Contains("Damaged: the stored reply", asked, StringComparison.Ordinal);
            using var export = await view.Http.GetAsync("/exports/run-good/jsonl", Stop);
            Assert.Equal(["1", $"{damage}: the stored reply is not the one that was written (its checksum differs); left out"],
                export.Headers.GetValues("LiveClin-Damaged"));
        }

        var report = await StatsCommands.RunAsync("report", "--store", StorePath, "--output", _folder["report"]);
        Assert.Contains(damage, report.Error, StringComparison.Ordinal);
        Assert.Contains(damage, await File.ReadAllTextAsync(_folder["report/report.md"], Stop), StringComparison.Ordinal);
        var bundle = await StatsCommands.RunAsync("bundle", "--store", StorePath, "--run", "run-good", "--output", _folder["b.zip"]);
        Assert.Equal((1, true), (bundle.Code, bundle.Error.Contains($"damaged: {damage}", StringComparison.Ordinal)));
        Assert.Equal((0, ""), await StatsCommands.RunAsync("verify-bundle", _folder["b.zip"]) is var verified
            ? (verified.Code, verified.Error) : default);
    }

    [Fact]
    public async Task Images_of_a_store_from_elsewhere_are_never_read_outside_its_image_root_and_exports_are_there()
    {
        await ViewedSample.CreateStoreAsync(StorePath);
        var secret = _folder["secret.png"];
        await File.WriteAllTextAsync(secret, "secret", Stop);
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("secret"u8));
        await using (var store = ResultStore.Open(StorePath)) await store.WriteAsync(write =>
            write.PutImage(hash, secret, "image/png", 6));

        await using var view = await ViewedSample.StartAsync(StorePath);
        using var image = await view.Http.GetAsync("/images/" + hash, Stop);
        Assert.Equal(HttpStatusCode.NotFound, image.StatusCode);
        var export = await view.Http.GetStringAsync("/exports/run-good/jsonl", Stop);
        Assert.Equal(5, export.Trim().Split('\n').Length);
    }

    [Fact]
    public async Task What_writes_is_refused_and_says_so()
    {
        await ViewedSample.CreateStoreAsync(StorePath);
        await using var view = await ViewedSample.StartAsync(StorePath);
        var client = view.Services.GetRequiredService<EvaluatorService.EvaluatorServiceClient>();
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.DeleteRunAsync(new DeleteRunRequest { RunId = "run-good" }, cancellationToken: Stop));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Contains("read-only", refused.Status.Detail, StringComparison.Ordinal);
        Assert.Throws<RpcException>(() => client.ImportResults(cancellationToken: Stop));
        var missing = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.GetRunAsync(new GetRunRequest { RunId = "no" }, cancellationToken: Stop));
        Assert.Equal(StatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task A_run_that_another_process_writes_is_followed_to_its_end()
    {
        await ViewedSample.CreateStoreAsync(StorePath);
        await using var writer = ResultStore.Open(StorePath);
        await writer.WriteAsync(write => write.AddRun(SampleRuns.Run("run-new", "new", RunStatus.Running)));
        await using var view = await ViewedSample.StartAsync(StorePath);
        var client = view.Services.GetRequiredService<EvaluatorService.EvaluatorServiceClient>();
        using var watch = client.WatchRun(new WatchRunRequest { RunId = "run-new" }, cancellationToken: Stop);
        Assert.True(await watch.ResponseStream.MoveNext(Stop));
        Assert.True(watch.ResponseStream.Current.Snapshot.Active);

        using var follow = client.StreamAnswers(new StreamAnswersRequest { RunIds = { "run-new" }, Follow = true },
            cancellationToken: Stop);
        Assert.True(await follow.ResponseStream.MoveNext(Stop));
        Assert.True(follow.ResponseStream.Current.CaughtUp);
        await writer.WriteAsync(write => write.PutAnswer("run-new",
            SampleRuns.Answer(0, 0, Outcome.Correct) with { CompletedAt = DateTimeOffset.UtcNow }));
        Assert.True(await follow.ResponseStream.MoveNext(Stop));
        Assert.Equal("\\boxed{A}", Assert.Single(follow.ResponseStream.Current.Answers).Reply);
        Assert.True(await watch.ResponseStream.MoveNext(Stop));
        Assert.Equal(1, watch.ResponseStream.Current.Progress.QuestionsAnswered);

        await writer.WriteAsync(write => write.SetStatus("run-new", RunStatus.Cancelled, "stopped", DateTimeOffset.UtcNow));
        Assert.True(await watch.ResponseStream.MoveNext(Stop));
        Assert.Equal(Evaluator.V1.RunStatus.Cancelled, watch.ResponseStream.Current.Ended.Status);
        Assert.False(await watch.ResponseStream.MoveNext(Stop));
        Assert.False(await follow.ResponseStream.MoveNext(Stop));
    }

    [Fact]
    public async Task A_taken_port_a_missing_store_and_an_address_for_everybody_end_with_one_clear_line()
    {
        await ViewedSample.CreateStoreAsync(StorePath);
        await using var first = await ViewedSample.StartAsync(StorePath);
        var port = first.Http.BaseAddress!.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var taken = await StatsCommands.RunAsync("view", StorePath, "--port", port);
        Assert.Equal(2, taken.Code);
        Assert.StartsWith($"error: http://127.0.0.1:{port} is taken", Assert.Single(taken.Error.Trim().Split('\n')),
            StringComparison.Ordinal);
        Assert.Equal(2, (await StatsCommands.RunAsync("view", _folder["none.db"])).Code);
        Assert.Contains("ssh -L", (await StatsCommands.RunAsync("view", StorePath, "--urls", "http://0.0.0.0:1")).Error,
            StringComparison.Ordinal);
        Assert.Equal(2, (await StatsCommands.RunAsync("view", StorePath, "--urls", "http://127.0.0.1:1", "--port", "2")).Code);
    }

    // A page's first answer may come before the numbers.
    private static async Task<string> UntilAsync(ViewedSample view, string path, string expected)
    {
        var html = await view.Http.GetStringAsync(path, Stop);
        for (var look = 0; look < MostLooks && !html.Contains(expected,
            StringComparison.Ordinal); look++) html = await view.Http.GetStringAsync(path, Stop);
        Assert.Contains(expected, html, StringComparison.Ordinal);
        return html;
    }
}
