using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Stats.Tests.Service;

/// <summary>What the pages ask besides: whole cases, images, and a run that goes on.</summary>
internal sealed partial class EvaluatorDouble
{
    /// <summary>Hash of the one image that there is.</summary>
    public static readonly string ImageHash = new('a', 64);

    // The smallest PNG: one pixel.
    private static readonly byte[] Pixel =
        Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    // Guards both lists: calls add to them while a test tells those who follow.
    private readonly Lock _listening = new();
    private readonly List<Channel<Answer>> _answers = [];
    private readonly List<Channel<RunProgress>> _progress = [];

    /// <summary>How the scenario of every case reads.</summary>
    public string Scenario { get; set; } = "A 30-year-old with a cough.";

    /// <summary>Stores an answer and tells those who follow.</summary>
    public void Publish(Answer answer)
    {
        var run = Runs.Find(r => r.Id == answer.RunId)!;
        Answers = [.. Answers, answer];
        run.Progress.QuestionsDone++;
        lock (_listening)
        {
            foreach (var listener in _answers) listener.Writer.TryWrite(answer);
            foreach (var listener in _progress) listener.Writer.TryWrite(run.Progress.Clone());
        }
    }

    /// <summary>Ends a run and the streams of those who follow.</summary>
    public void End(Run run)
    {
        (run.Status, run.Active) = (RunStatus.Completed, false);
        lock (_listening)
        {
            foreach (var listener in _answers) listener.Writer.TryComplete();
            foreach (var listener in _progress) listener.Writer.TryComplete();
        }
    }

    /// <summary>Breaks the streams of those who follow, as a restart does.</summary>
    public void BreakStreams()
    {
        lock (_listening)
        {
            foreach (var listener in _answers) listener.Writer.TryComplete(Away());
            foreach (var listener in _progress) listener.Writer.TryComplete(Away());
            _answers.Clear();
            _progress.Clear();
        }
    }

    private static RpcException Away() =>
        RpcErrors.Because(Google.Rpc.Code.Unavailable, RpcErrors.StoreUnreachable, "postgresql://x/y: the server cannot be reached.");

    public override Task<GetCaseResponse> GetCase(GetCaseRequest request, ServerCallContext context)
    {
        var ordinal = int.Parse(request.CaseId.Replace("ordinal:", "", StringComparison.Ordinal),
            System.Globalization.CultureInfo.InvariantCulture);
        var detail = new CaseDetail
        {
            Summary = new CaseSummary { Ordinal = ordinal, Id = $"{ordinal}", FileName = $"PMC{ordinal}.json" },
            Scenario = Scenario,
            Json = "{}",
        };
        detail.Figures.Add(new Figure { File = "a.png", CaptionPrefix = "Figure 1", Type = "CT", Sha256 = ImageHash });
        detail.Tables.Add(new Table { CaptionPrefix = "Table 1", Caption = "Blood", Content = "| Day | Hb |\n|---|---|\n| 1 | 9.4 |" });
        for (var q = 0; q < 2; q++)
            detail.Questions.Add(new Question
            {
                Index = q,
                Text = $"What is next, {q + 1}?",
                Key = "A",
                Options = { new Option { Letter = "A", Text = "Wait" }, new Option { Letter = "B", Text = "Treat" } },
            });
        return Task.FromResult(new GetCaseResponse { Case = detail });
    }

    /// <summary>Every run under a condition asks all cases, changes their first questions, and turns the options around.</summary>
    public override Task<ListVerdictsResponse> ListVerdicts(ListVerdictsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListVerdictsResponse { Verdicts = { Verdicts } });

    public override Task<PutVerdictsResponse> PutVerdicts(PutVerdictsRequest request, ServerCallContext context)
    {
        foreach (var verdict in request.Verdicts.Concat(request.Removed))
            Verdicts.RemoveAll(each => (each.Topic, each.CaseOrdinal, each.QuestionIndex, each.By) == (verdict.Topic, verdict.CaseOrdinal,
                verdict.QuestionIndex, verdict.By));
        Verdicts.AddRange(request.Verdicts);
        return Task.FromResult(new PutVerdictsResponse());
    }

    public override Task<ListRunCasesResponse> ListRunCases(ListRunCasesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListRunCasesResponse
    {
        Cases =
        {
            Enumerable.Range(0, CaseCount).Select(ordinal => new RunCase
            {
                CaseOrdinal = ordinal, Hash = "h",
                Questions = { new RunQuestion { Changed = true, PublishedLetters = { "B", "A" } },
                    new RunQuestion { PublishedLetters = { "B", "A" } } },
            }),
        },
    });

    public override Task<GetOutcomesResponse> GetOutcomes(GetOutcomesRequest request, ServerCallContext context)
    {
        var answers = Answers.Where(answer => answer.RunId == request.RunId && answer.Epoch <= 1).ToList();
        OutcomeCalls.Enqueue(request.RunId);
        return Task.FromResult(new GetOutcomesResponse
        {
            CaseOrdinals = { answers.Select(answer => answer.CaseOrdinal) },
            QuestionIndices = { answers.Select(answer => answer.QuestionIndex) },
            Outcomes = { answers.Select(answer => answer.Outcome) },
            Letters = string.Concat(answers.Select(answer => answer.HasLetter ? answer.Letter : "-")),
            Replied = { answers.Select(answer => answer.HasReply) },
        });
    }

    /// <summary>The runs whose outcomes were asked for.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> OutcomeCalls { get; } = [];

    public override Task<GetAskedCaseResponse> GetAskedCase(GetAskedCaseRequest request, ServerCallContext context)
    {
        var run = Runs.Find(r => r.Id == request.RunId)!;
        var isPublished = run.Condition is "" or "published";
        var asked = new AskedCase { Condition = isPublished ? "published" : run.Condition };
        if (!isPublished) asked.AsRecorded = run.Tags.Count == 0;
        for (var q = 0; q < 2; q++)
        {
            var turn = new AskedTurn
            {
                QuestionIndex = q, Text = $"* Question: What is next, {q + 1}? Sent under {asked.Condition}.", Key = isPublished
                    ? "A" : "B", Changed = !isPublished && q == 0,
                Options = { new Option { Letter = "A", Text = isPublished ? "Wait" : "Treat" },
                    new Option { Letter = "B", Text = isPublished ? "Treat" : "Wait" } },
                Images = { new AskedImage { File = "a.png", Sha256 = ImageHash, Blank = !isPublished, Width = isPublished ? 0 : 7,
                    Height = isPublished ? 0 : 5 } },
            };
            if (!isPublished) turn.PublishedLetters.AddRange(["B", "A"]);
            if (run.Condition == "gold-history") turn.ForcedReply = "\\boxed{B}";
            asked.Turns.Add(turn);
        }

        return Task.FromResult(new GetAskedCaseResponse { Case = asked });
    }

    public override async Task GetImage(GetImageRequest request, IServerStreamWriter<GetImageResponse> responseStream,
        ServerCallContext context)
    {
        if (request.Sha256 != ImageHash) throw new RpcException(new Status(StatusCode.NotFound, "no"));
        await responseStream.WriteAsync(new GetImageResponse { MediaType = "image/png", Data = ByteString.CopyFrom(Pixel, 0, 20) });
        await responseStream.WriteAsync(new GetImageResponse { Data = ByteString.CopyFrom(Pixel, 20, Pixel.Length - 20) });
    }

    public override async Task WatchRun(WatchRunRequest request, IServerStreamWriter<WatchRunResponse> responseStream,
        ServerCallContext context)
    {
        var run = Runs.Find(r => r.Id == request.RunId)!;
        var coming = Listen(_progress);
        var snapshot = run.Clone();
        await responseStream.WriteAsync(new WatchRunResponse { Snapshot = snapshot });
        if (!snapshot.Active) return;
        await foreach (var progress in coming.ReadAllAsync(context.CancellationToken)) await responseStream.WriteAsync(new WatchRunResponse
        {
            Progress = progress,
        });
        await responseStream.WriteAsync(new WatchRunResponse { Ended = run.Clone() });
    }

    /// <summary>Takes any upload but a file that is called broken.json, and gives a run of the files' names.</summary>
    public override async Task<ImportResultsResponse> ImportResults(IAsyncStreamReader<ImportResultsRequest> requestStream,
        ServerCallContext context)
    {
        var (names, bytes, release) = (new List<string>(), 0, "");
        await foreach (var chunk in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (chunk.FileName.Length > 0) names.Add(chunk.FileName);
            (bytes, release) = (bytes + chunk.Data.Length, chunk.Release);
            if (names.Contains("broken.json"))
                throw new RpcException(new Status(StatusCode.InvalidArgument, "broken.json, cases[3]: it is <b>broken</b>"));
        }

        var run = new Run
        {
            Id = "imported",
            Model = string.Join('+', names),
            ReleaseName = release,
            ReleaseSha256 = "abc",
            Status = RunStatus.Completed,
            Progress = new RunProgress { QuestionsTotal = bytes, Outcomes = new OutcomeCounts { Correct = 1 } },
        };
        return new ImportResultsResponse
        {
            Runs = { new ImportedRun { Run = run, IsNew = true } },
            KnownRelease = true,
            Warnings = { "PMC7.json is left out: <i>why</i>" },
        };
    }

    public override Task<UpdateRunResponse> UpdateRun(UpdateRunRequest request, ServerCallContext context)
    {
        var run = Runs.Find(r => r.Id == request.RunId)!;
        if (request.AddTags.Any(tag => tag.Length > 64))
            throw new RpcException(new Status(StatusCode.InvalidArgument, "A tag has at most 64 characters."));
        if (request.HasChosen) run.Chosen = request.Chosen;
        if (request.HasHidden) run.Hidden = request.Hidden;
        if (request.HasName) (run.Name, run.Label) = (request.Name, $"{run.Model} · {request.Name}");
        run.Tags.AddRange(request.AddTags);
        foreach (var tag in request.RemoveTags) run.Tags.Remove(tag);
        return Task.FromResult(new UpdateRunResponse { Run = run.Clone() });
    }

    public override Task<DeleteRunResponse> DeleteRun(DeleteRunRequest request, ServerCallContext context)
    {
        var run = Runs.Find(r => r.Id == request.RunId)!;
        if (run.Tags.Contains("kept")) throw new RpcException(new Status(StatusCode.FailedPrecondition, "This run is kept."));
        Runs = [.. Runs.Where(r => r != run)];
        return Task.FromResult(new DeleteRunResponse { Run = run });
    }

    public override Task<ListReleasesResponse> ListReleases(ListReleasesRequest request, ServerCallContext context) =>
        Task.FromResult(new ListReleasesResponse
        {
            Releases = { new ReleaseInfo { Name = "sample", Sha256 = "abc", CaseCount = CaseCount } },
        });

    private ChannelReader<T> Listen<T>(List<Channel<T>> listeners)
    {
        var channel = Channel.CreateUnbounded<T>();
        lock (_listening) listeners.Add(channel);
        return channel.Reader;
    }
}
