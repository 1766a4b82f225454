using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>What a caller with the token still may not do: read files of elsewhere, use a key twice, swap a run's server unseen.</summary>
public sealed class StrangerCallTests : RunCalls
{
    [Theory]
    [InlineData("/etc/passwd", "")]
    [InlineData("/etc", "")]
    [InlineData("DEMO", "/etc")]
    [InlineData("DEMO/../../../../../../etc/passwd", "")]
    public async Task Releases_and_images_are_named_below_the_data_folders_only(string jsonl, string imageRoot)
    {
        var release = new ReleaseSource { JsonlPath = jsonl.Replace("DEMO", Demo, StringComparison.Ordinal), ImageRoot = imageRoot };

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.ValidateReleaseAsync(new ValidateReleaseRequest { Release = release }, cancellationToken: Cancellation));

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("is not below a data folder of this service", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("LiveClin:DataFolders", error.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/etc")]
    public async Task Cases_are_read_and_results_imported_of_releases_below_the_data_folders_only(string release)
    {
        var listed = await Assert.ThrowsAsync<RpcException>(async () => await Evaluator.Client
            .ListCases(new ListCasesRequest { Release = release }, cancellationToken: Cancellation)
            .ResponseStream.MoveNext(Cancellation));
        var single = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.GetCaseAsync(new GetCaseRequest { Release = release, CaseId = "x" }, cancellationToken: Cancellation));
        using var import = Evaluator.Client.ImportResults(cancellationToken: Cancellation);
        await import.RequestStream.WriteAsync(
            new ImportResultsRequest { FileName = "a.json", Release = release, Data = ByteString.CopyFromUtf8("{}") }, Cancellation);
        await import.RequestStream.CompleteAsync();
        var imported = await Assert.ThrowsAsync<RpcException>(async () => await import);

        Assert.All([listed, single, imported], error =>
        {
            Assert.Equal(StatusCode.NotFound, error.StatusCode);
            Assert.Contains("is not below a data folder of this service", error.Status.Detail, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_run_on_a_release_outside_of_the_data_folders_is_not_resumed()
    {
        var run = await RunToEndAsync();
        await Evaluator.DisposeAsync();
        Evaluator = await RunningEvaluator.StartAsync(Place.Place, settings =>
        {
            settings.Remove("LiveClin:DataFolders:1");
            settings["LiveClin:DataFolders:0"] = Folder["data"];
            settings["LiveClin:DataDirectory"] = Folder["data"];
        });

        var resumed = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.ResumeRunAsync(new ResumeRunRequest { RunId = run.Id, ApiKey = Key }, cancellationToken: Cancellation));

        Assert.Equal(StatusCode.InvalidArgument, resumed.StatusCode);
        Assert.Contains("is not below a data folder of this service", resumed.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("LiveClin:DataFolders", resumed.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_does_not_lead_out_of_the_data_folders()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        File.CreateSymbolicLink(Folder["out.jsonl"], "/etc/passwd");
        var release = new ReleaseSource { JsonlPath = Folder["out.jsonl"] };

        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.ValidateReleaseAsync(new ValidateReleaseRequest { Release = release }, cancellationToken: Cancellation));

        Assert.Contains("is not below a data folder", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_with_another_request_is_an_error()
    {
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var request = Request(server);
        request.Limit = 1;
        var first = await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation);
        await WaitForEndAsync(first.Run.Id);

        Assert.Equal(first.Run.Id, (await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run.Id);
        request.Model.Name = "another";
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation));

        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Contains($"{first.Run.Id}, which asks something else: the run has another model. Use", error.Status.Detail,
            StringComparison.Ordinal);
        request.Model.Name = first.Run.Model;
        request.Epochs = 2;
        error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation));
        Assert.Contains("the run has another number of epochs. Use", error.Status.Detail, StringComparison.Ordinal);
        request.Limit = 2;
        error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation));
        Assert.Contains("the run has another limit, number of epochs. Use", error.Status.Detail, StringComparison.Ordinal);
        request.ClearEpochs();
        request.Limit = 1;
        request.Concurrency = 7;
        error = await Assert.ThrowsAsync<RpcException>(async () =>
            await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation));
        Assert.Contains("another request was sent with this key", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Going_on_at_another_address_is_seen_and_needs_the_same_model_there()
    {
        var asked = 0;
        await using var first = await FakeModelServer.StartAsync((_, context) => Interlocked.Increment(ref asked) > 3
            ? FakeModelServer.WriteAsync(context, 402, "{}") : FakeModelServer.ReplyAsync(context, "\\boxed{A}"));
        await using var other = await FakeModelServer.StartAsync((_, context) => FakeModelServer.ReplyAsync(context, "\\boxed{B}"),
            "something-else");
        await using var same = await FakeModelServer.StartAsync((_, context) => FakeModelServer.ReplyAsync(context, "\\boxed{C}"), "fake");
        var request = Request(first);
        request.Concurrency = 1;
        var id = (await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run.Id;
        await WaitForEndAsync(id);

        await Evaluator.Client.ResumeRunAsync(new ResumeRunRequest { RunId = id, Endpoint = other.BaseUrl.ToString() },
            cancellationToken: Cancellation);
        var refused = await WaitForEndAsync(id);
        await Evaluator.Client.ResumeRunAsync(new ResumeRunRequest { RunId = id, Endpoint = same.BaseUrl.ToString() },
            cancellationToken: Cancellation);
        var done = await WaitForEndAsync(id);

        Assert.Contains("does not list the model 'fake'", refused.StatusReason, StringComparison.Ordinal);
        Assert.Empty(other.Calls);
        Assert.Equal((RunStatus.Completed, true, false), (done.Status, refused.Refused, done.Refused));
        var events = (await Evaluator.Client.GetRunAsync(new GetRunRequest { RunId = id }, cancellationToken: Cancellation)).Run.Events;
        var moved = Assert.Single(events, noted => noted.Kind == "endpoint_changed"); // the refused address gave no answers
        Assert.Contains(same.BaseUrl.ToString(), moved.Message, StringComparison.Ordinal);
        var listed = (await Evaluator.Client.ListRunsAsync(new ListRunsRequest(), cancellationToken: Cancellation))
            .Runs.Single(run => run.Id == id);
        Assert.Equal([moved], listed.Events);
    }

    [Fact]
    public async Task More_of_a_complete_run_at_a_strange_address_is_refused_and_the_run_stays_complete()
    {
        await using var first = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        await using var other = await FakeModelServer.StartAsync(_ => "\\boxed{B}", "something-else");
        var request = Request(first);
        request.Limit = 2;
        var id = (await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run.Id;
        Assert.Equal(RunStatus.Completed, (await WaitForEndAsync(id)).Status);

        var more = Request(other);
        more.IdempotencyKey = "key-2";
        await Evaluator.Client.StartRunAsync(more, cancellationToken: Cancellation);
        var refused = await WaitForEndAsync(id);
        Assert.Equal((RunStatus.Failed, true), (refused.Status, refused.Refused));
        Assert.Contains("does not list the model 'fake'", refused.StatusReason, StringComparison.Ordinal);
        await using var store = Place.OpenReadOnly();
        var stored = store.FindRun(id)!;
        Assert.Equal((Core.Results.RunStatus.Completed, 2), (stored.Status, stored.Target.Limit));
    }

    [Fact]
    public async Task A_terminal_that_goes_away_ends_the_service_in_order()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are Unix's.");
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "LiveClin.Evaluator.dll"), "--urls", "http://127.0.0.1:0;http://127.0.0.1:0", "--store",
            Folder["hup.db"],
        ];
        var start = Interruptible.Start("dotnet", arguments);
        start.RedirectStandardOutput = true;
        using var service = Process.Start(start)!;
        while (await service.StandardOutput.ReadLineAsync(Cancellation) is { } line
            && !line.Contains("access.json", StringComparison.Ordinal)) { }

        using (var kill = Process.Start("kill", ["-HUP", $"{service.Id}"])) await kill.WaitForExitAsync(Cancellation);
        _ = service.StandardOutput.ReadToEndAsync(Cancellation);
        await service.WaitForExitAsync(Cancellation);

        Assert.Equal(0, service.ExitCode);
        Assert.False(File.Exists(Folder["hup.db.access.json"]));
        Assert.False(File.Exists(Folder["hup.db.writer"]));
    }
}
