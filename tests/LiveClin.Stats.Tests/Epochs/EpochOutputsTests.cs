using System.Net;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Stats.Tests.CommandLine;
using LiveClin.Stats.Tests.Pages;
using LiveClin.Stats.Tests.Service;
using LiveClin.Stats.V1;
using LiveClin.Testing;
using CallOutcome = LiveClin.Evaluator.V1.Outcome;

namespace LiveClin.Stats.Tests.Epochs;

/// <summary>
/// Several epochs of the same runs, once in a store and once behind a service: page, call, report and command say the same of them.
/// </summary>
public sealed class EpochOutputsTests : IDisposable
{
    private const int Cases = 8, Questions = 2, Epochs = 3;
    private static readonly string[] Models = ["steady", "shaky"];
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_outputs_say_the_same_of_epochs()
    {
        await using var pages = await RunningPages.StartAsync(Evaluator());
        using var channel = GrpcChannel.ForAddress(pages.Grpc, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false },
        });
        var stats = new StatsService.StatsServiceClient(channel);
        var epochs = (await stats.GetLeaderboardAsync(new GetLeaderboardRequest(), cancellationToken: Stop))
            .Rows.ToDictionary(row => row.Model, row => row.Epochs);
        var pair = Assert.Single((await stats.CompareModelsAsync(new CompareModelsRequest { Models = { Models } }, cancellationToken: Stop))
            .Pairs);
        Assert.Equal((Epochs, Epochs), (epochs["shaky"].Count, pair.FirstEpochs));
        Assert.Equal((0, 1), (epochs["steady"].FlipRate, Math.Sign(epochs["shaky"].FlipRate)));
        Assert.Contains("Mean over epochs (3 and 3): ", pair.Conclusion, StringComparison.Ordinal);
        Assert.Equal(epochs["shaky"],
            (await stats.GetModelReportAsync(new GetModelReportRequest { Model = "shaky" }, cancellationToken: Stop)).Row.Epochs);

        await CreateStoreAsync();
        string[] compare = ["compare", "--store", _folder["s.db"], "--baseline", "steady", "--candidate", "shaky"];
        var lines = (await StatsCommands.RunAsync(compare)).Output.Split('\n');
        Assert.Contains(pair.Conclusion, lines);
        foreach (var model in Models) Assert.Contains($"{model}: {epochs[model].Statement}", lines);
        var json = JsonNode.Parse((await StatsCommands.RunAsync([.. compare, "--json"])).Output)!;
        Assert.Equal(pair.EpochDifference, (double)json["pair"]!["over_epochs"]!["difference"]!);

        Assert.Equal(0, (await StatsCommands.RunAsync(["report", "--store", _folder["s.db"], "--output", _folder["report"]])).Code);
        foreach (var model in JsonNode.Parse(File.ReadAllText(_folder["report/report.json"]))!["models"]!.AsArray())
        {
            var (written, called) = (model!["epochs"]!, epochs[(string)model["ledger"]!["model"]!["model"]!]);
            Assert.Equal(called.Statement, (string)written["statement"]!);
            Assert.Equal(
                (called.QuestionMean, called.CaseMean, called.WithinQuestionVariance, called.BetweenCaseVariance, called.FlipRate),
                ((double)written["questions"]!["mean"]!, (double)written["cases"]!["mean"]!, (double)written["within_question_variance"]!,
                    (double)written["between_case_variance"]!, (double)written["flip_rate"]!));
        }

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = pages.Url };
        foreach (var (address, sentence) in new[] { ("/model?name=shaky", epochs["shaky"].Statement),
            ("/compare?models=steady&models=shaky", pair.Conclusion) })
            Assert.Contains(sentence, await PageAsync(http, address, sentence[..12]), StringComparison.Ordinal);
    }

    // The first response may come before the numbers; the next one has them.
    private static async Task<string> PageAsync(HttpClient http, string address, string sign)
    {
        string html;
        do html = WebUtility.HtmlDecode(await http.GetStringAsync(address, Stop));
        while (!html.Contains(sign, StringComparison.Ordinal));
        return html;
    }

    // One knows five cases of eight whenever it is asked; the other one guesses half of them anew.
    private static bool IsRight(string model, int ordinal, int question, int epoch) =>
        model == "steady" ? ordinal < 5 : ordinal < 2 || (ordinal + question + epoch) % 2 == 0;

    private static IEnumerable<(string Model, int Case, int Question, int Epoch, bool IsRight)> Asked() =>
        from model in Models
        from epoch in Enumerable.Range(1, Epochs)
        from ordinal in Enumerable.Range(0, Cases)
        from question in Enumerable.Range(0, Questions)
        select (model, ordinal, question, epoch, IsRight(model, ordinal, question, epoch));

    private static EvaluatorDouble Evaluator()
    {
        var evaluator = new EvaluatorDouble { CaseCount = Cases };
        foreach (var (index, model) in Models.Index())
        {
            evaluator.AddRun($"run-{index}", model);
            (evaluator.Runs[0].Target, evaluator.Runs[0].Epochs) = ("all,all,all", Epochs);
            evaluator.Runs[0].Progress.QuestionsDone = Cases * Questions * Epochs;
        }

        evaluator.Answers.AddRange(Asked().Select(asked => new LiveClin.Evaluator.V1.Answer
        {
            RunId = $"run-{Array.IndexOf(Models, asked.Model)}", CaseOrdinal = asked.Case, QuestionIndex = asked.Question,
            Epoch = asked.Epoch, Attempts = 1,
            Outcome = asked.IsRight ? CallOutcome.Correct : CallOutcome.Wrong, Letter = asked.IsRight ? "A" : "B",
            Reply = asked.IsRight ? "\\boxed{A}" : "\\boxed{B}",
            CompletedAt = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc).ToTimestamp(),
        }));
        return evaluator;
    }

    private Task CreateStoreAsync() => SampleRuns.CreateStoreAsync(
        _folder["s.db"], SampleRuns.ReleaseOf([.. Enumerable.Repeat(Questions, Cases)]),
        [.. Models.Select((model, index) => (
            SampleRuns.Run($"run-{index}", model) with { Target = RunTarget.Of(null, Epochs) },
            Asked().Where(asked => asked.Model == model).Select(asked =>
                SampleRuns.Answer(asked.Case, asked.Question, asked.IsRight ? Outcome.Correct : Outcome.Wrong) with { Epoch = asked.Epoch })
                    .ToArray()))]);
}
