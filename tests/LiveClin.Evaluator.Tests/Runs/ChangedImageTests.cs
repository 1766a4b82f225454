using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Runs;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Runs;

/// <summary>An image that is another one than when the run used it first.</summary>
public abstract class ChangedImageTests(StoreKind kind) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Refuses_to_go_on_and_names_the_way_out(bool sameSize)
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        var request = EvaluatorHarness.Request(server, CopyDemo());
        var (run, _) = await evaluator.RunAsync(request with { Target = RunTarget.Of(2) });
        var image = evaluator.Store.GetRunImages(run.Id)[0];
        var calls = server.Calls.Count;
        Change(image.File, sameSize);

        // For a run that has reached its target nothing is sent, so nothing is wrong.
        Assert.Equal(run.Id, (await evaluator.RunAsync(request with { Target = RunTarget.Of(2) })).Run.Id);
        foreach (var more in (RunTarget[])[RunTarget.Whole, RunTarget.Of(2, 2)])
        {
            var error = await Assert.ThrowsAsync<RunRefusedException>(() => evaluator.RunAsync(request with { Target = more }));
            Assert.Contains(image.File, error.Message, StringComparison.Ordinal);
            Assert.Contains("--fresh", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(calls, server.Calls.Count);
        var (fresh, _) = await evaluator.RunAsync(request with { Fresh = true });
        Assert.Equal(RunStatus.Completed, fresh.Status);
        Assert.NotEqual(image.Sha256, evaluator.Store.GetRunImages(fresh.Id).Single(other => other.File == image.File).Sha256);
    }

    [Fact]
    public async Task The_same_bytes_written_again_are_the_same_image()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        var request = EvaluatorHarness.Request(server, CopyDemo());
        var (run, _) = await evaluator.RunAsync(request with { Target = RunTarget.Of(2) });
        foreach (var image in evaluator.Store.GetRunImages(run.Id))
            File.SetLastWriteTimeUtc(PathOf(image.File), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal((run.Id, RunStatus.Completed), ((await evaluator.RunAsync(request)).Run.Id, evaluator.Store.FindRun(run.Id)!.Status));
    }

    [Fact]
    public async Task The_command_line_ends_with_exit_code_2()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var release = CopyDemo();
        string[] command = ["evaluate", "--model", "fake", "--api-base", server.BaseUrl.ToString(), "--jsonl-path", release.JsonlPath!,
            "--store", _folder["s.db"]];
        Assert.Equal(0, (await CommandLine.CommandRunner.RunAsync([.. command, "--limit", "2"])).ExitCode);
        string file;
        await using (var store = ResultStore.OpenReadOnly(_folder["s.db"])) file = store.GetRunImages(store.ListRuns().Single().Id)[0].File;
        Change(file, sameSize: true);
        var result = await CommandLine.CommandRunner.RunAsync(command);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--fresh", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_whose_size_and_time_tell_nothing_is_noticed_when_it_is_sent()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        var request = EvaluatorHarness.Request(server, CopyDemo()) with { Concurrency = 1 };
        var demo = await EvaluatorHarness.ReadDemoAsync();
        var (run, _) = await evaluator.RunAsync(request with { Target = RunTarget.Of(1) });
        var figure = demo.Cases.Skip(1).SelectMany(@case => @case.Figures.Concat(@case.Questions.SelectMany(question => question.Figures)))
            .First(figure => figure.File is not null);
        var file = new FileInfo(PathOf(figure.File!));
        await evaluator.Store.WriteAsync(write =>
            write.PutRunImage(run.Id, new RunImage(figure.File!, new string('0', 64), file.Length, file.LastWriteTimeUtc)));
        var session = await evaluator.Runs.StartAsync(request, TestContext.Current.CancellationToken);
        var ended = await session.Completion;
        Assert.Equal((RunStatus.Failed, true), (ended.Status, session.IsRefused));
        Assert.Contains(figure.File!, ended.StatusReason, StringComparison.Ordinal);
        Assert.Contains("--fresh", ended.StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_exchanged_before_the_run_has_used_it_is_noticed()
    {
        var demo = await EvaluatorHarness.ReadDemoAsync();
        var later = demo.Cases.Skip(1).SelectMany(@case => @case.Figures.Concat(@case.Questions.SelectMany(question => question.Figures)))
            .Select(figure => figure.File).OfType<string>()
                .First(file => demo.Cases[0].Figures.Concat(demo.Cases[0].Questions.SelectMany(question => question.Figures))
                .All(other => other.File != file));
        var release = CopyDemo();
        await using var server = await FakeModelServer.StartAsync(_ =>
        {
            // The first question is under way: all images were there at the start.
            File.WriteAllBytes(PathOf(later), [.. File.ReadAllBytes(PathOf(later)), 0]);
            return "\\boxed{A}";
        });
        await using var evaluator = await EvaluatorHarness.CreateAsync(kind);
        var session = await evaluator.Runs.StartAsync(EvaluatorHarness.Request(server, release) with { Concurrency = 1 },
            TestContext.Current.CancellationToken);
        var ended = await session.Completion;
        Assert.Equal((RunStatus.Failed, true), (ended.Status, session.IsRefused));
        Assert.Contains(later, ended.StatusReason, StringComparison.Ordinal);
        Assert.Contains("--fresh", ended.StatusReason, StringComparison.Ordinal);
    }

    private ReleaseRequest CopyDemo()
    {
        var source = Path.GetDirectoryName(EvaluatorHarness.Demo.JsonlPath)!;
        Directory.CreateDirectory(_folder["images"]);
        foreach (var image in Directory.GetFiles(Path.Combine(source, "images"))) File.Copy(image, PathOf(Path.GetFileName(image)));
        File.Copy(EvaluatorHarness.Demo.JsonlPath!, _folder["demo.jsonl"]);
        return new ReleaseRequest(JsonlPath: _folder["demo.jsonl"]);
    }

    private string PathOf(string file) => Path.Combine(_folder["images"], file);

    private void Change(string file, bool sameSize)
    {
        var bytes = File.ReadAllBytes(PathOf(file));
        if (!sameSize) bytes = [.. bytes, 0];
        bytes[^1] ^= 1;
        File.WriteAllBytes(PathOf(file), bytes);
    }
}

/// <summary>On a file.</summary>
public sealed class ChangedImageOnFileTests() : ChangedImageTests(StoreKind.Sqlite);

/// <summary>In a database.</summary>
public sealed class ChangedImageInDatabaseTests() : ChangedImageTests(StoreKind.Postgres);
