using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using LiveClin.Evaluator.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LiveClin.Stats.Tests.Service;

/// <summary>Stands in for the evaluator on a loopback port: a few cases, whatever runs and answers a test gives it.</summary>
internal sealed partial class EvaluatorDouble : EvaluatorService.EvaluatorServiceBase, IAsyncDisposable
{
    private static readonly DateTime Begun = new(2026, 1, 2, 3, 4, 0, DateTimeKind.Utc);
    private readonly WebApplication _app;

    public EvaluatorDouble()
    {
        // not where the appsettings of the service lie
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = Path.GetTempPath() });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        _app = builder.Build();
        _app.MapGrpcService<EvaluatorDouble>();
    }

    public int CaseCount { get; init; } = 2;

    /// <summary>The runs, newest first. While calls are answered, another list takes the place of this one.</summary>
    public List<Run> Runs { get; private set; } = [];

    /// <summary>The answers; likewise.</summary>
    public List<Answer> Answers { get; private set; } = [];

    public List<Verdict> Verdicts { get; } = [];

    /// <summary>Whether calls are taken and never answered.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whether its database is out of reach.</summary>
    public bool IsAway { get; set; }

    /// <summary>Calls that were refused because of that.</summary>
    public int Refused { get; private set; }

    /// <summary>Whether streams begin and never go on.</summary>
    public bool AreStreamsSilent { get; set; }

    public int AnswerStreams => AnswersSent.Count;

    /// <summary>Of each stream of answers, how many were stored when it was called.</summary>
    public ConcurrentQueue<int> AnswersSent { get; } = [];

    public string Address => _app.Urls.Single();

    public Task StartAsync() => _app.StartAsync(TestContext.Current.CancellationToken);

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public void AddRun(string id, string model, params (int Case, int Question, Outcome Outcome, string? Reply)[] answers)
    {
        var added = new List<Answer>();
        foreach (var (@case, question, outcome, reply) in answers)
        {
            var answer = new Answer
            {
                RunId = id,
                CaseOrdinal = @case,
                QuestionIndex = question,
                Outcome = outcome,
                Rule = ExtractionRule.Boxed,
                Attempts = 1,
                CompletedAt = Begun.AddMinutes(Answers.Count + added.Count).ToTimestamp(),
            };
            if (reply is not null) answer.Reply = reply;
            if (outcome is Outcome.Correct or Outcome.Wrong) answer.Letter = outcome == Outcome.Correct ? "A" : "B";
            added.Add(answer);
        }

        // A run that can be seen has its answers.
        Answers = [.. Answers, .. added];
        Runs =
        [
            new Run
            {
                Id = id,
                Model = model,
                ApiId = model,
                ReleaseName = "sample",
                ReleaseSha256 = "abc",
                Status = RunStatus.Completed,
                Progress = new RunProgress { QuestionsDone = answers.Length },
            },
            .. Runs,
        ];
    }

    public override async Task<ListRunsResponse> ListRuns(ListRunsRequest request, ServerCallContext context)
    {
        if (IsSilent) await Task.Delay(Timeout.Infinite, context.CancellationToken);
        if (IsAway)
        {
            Refused++;
            throw Away();
        }

        // Pages of one run, so that paging is used, unless there are very many.
        var runs = Runs;
        var size = runs.Count > 100 ? 100 : 1;
        var from = request.PageToken.Length > 0 ? int.Parse(request.PageToken, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var matching = runs.Where(r => (!request.HasRelease || r.ReleaseName == request.Release)
            && (request.Status == RunStatus.Unspecified || r.Status == request.Status)).ToList();
        return new ListRunsResponse
        {
            Runs = { matching.Skip(from).Take(size) },
            NextPageToken = from + size < matching.Count ? $"{from + size}" : "",
        };
    }

    public override Task<GetRunResponse> GetRun(GetRunRequest request, ServerCallContext context) =>
        Runs.Find(r => r.Id == request.RunId) is { } run
            ? Task.FromResult(new GetRunResponse { Run = run }) : throw new RpcException(new Status(StatusCode.NotFound, "no"));

    public override async Task ListCases(ListCasesRequest request, IServerStreamWriter<ListCasesResponse> responseStream,
        ServerCallContext context)
    {
        for (var i = 0; i < CaseCount; i++)
        {
            var @case = new CaseSummary
            {
                Ordinal = i,
                Id = $"{i}",
                FileName = $"PMC{i}.json",
                Rarity = "1",
                Chapter = "Chapter 1",
                ImageTypes = { "CT" },
            };
            for (var q = 0; q < 2; q++) @case.Questions.Add(new QuestionSummary
            {
                Index = q,
                Key = "A",
                Letters = { "A", "B" },
                OptionLengths = { 1, 2 },
                Stage = "Initial Assessment",
            });
            await responseStream.WriteAsync(new ListCasesResponse { Case = @case });
        }
    }

    public override async Task StreamAnswers(StreamAnswersRequest request, IServerStreamWriter<StreamAnswersResponse> responseStream,
        ServerCallContext context)
    {
        if (AreStreamsSilent) await Task.Delay(Timeout.Infinite, context.CancellationToken);
        bool IsWanted(Answer answer) => (request.CompletedSince is null || answer.CompletedAt >= request.CompletedSince)
            && request.RunIds.Contains(answer.RunId)
            && (request.CaseOrdinals.Count == 0 || request.CaseOrdinals.Contains(answer.CaseOrdinal));
        var coming = request.Follow ? Listen(_answers) : null;
        List<Answer> stored = [.. Answers.Where(IsWanted)];
        AnswersSent.Enqueue(stored.Count);
        await responseStream.WriteAsync(new StreamAnswersResponse { Answers = { stored }, CaughtUp = true });
        if (coming is null) return;
        await foreach (var answer in coming.ReadAllAsync(context.CancellationToken))
            if (IsWanted(answer)) await responseStream.WriteAsync(new StreamAnswersResponse { Answers = { answer } });
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
