using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Grpc.Net.Client;
using LiveClin.Core.Formats;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Tests.CommandLine;
using LiveClin.Stats.Tests.Pages;
using LiveClin.Stats.Tests.Service;
using LiveClin.Stats.V1;
using LiveClin.Testing;
using CallOutcome = LiveClin.Evaluator.V1.Outcome;

namespace LiveClin.Stats.Tests.Comparison;

/// <summary>
/// Page, call, report and command about the same pair: one sentence, one set of numbers, whatever the order in which its models are
/// named.
/// </summary>
public sealed class OneComparisonTests : IDisposable
{
    private const int Cases = 14;
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    // "whole" gets more whole cases right, "parts" more questions: the pair that outputs once told with opposite signs.
    [Fact]
    public async Task All_outputs_give_the_same_sentence_and_numbers()
    {
        await using var pages = await RunningPages.StartAsync(Evaluator());
        using var channel = GrpcChannel.ForAddress(pages.Grpc, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false },
        });
        var response = await new StatsService.StatsServiceClient(channel).CompareModelsAsync(
            new CompareModelsRequest { Models = { "parts", "whole" } }, cancellationToken: Stop);
        var called = Assert.Single(response.Pairs);
        Assert.StartsWith("whole ", called.Conclusion, StringComparison.Ordinal);
        Assert.Contains("+35.7 points of case accuracy", called.Conclusion, StringComparison.Ordinal);
        Assert.EndsWith("; Holm over the 2 tests of this pair.", called.Conclusion, StringComparison.Ordinal);

        var floors = response.FloorChecks.Select(check => check.Statement).Order(StringComparer.Ordinal).ToList();
        Assert.All(floors, floor => Assert.Contains("does not lie above the floors: −", floor, StringComparison.Ordinal));

        WriteV1("whole");
        WriteV1("parts");
        foreach (var (baseline, candidate) in new[] { ("whole", "parts"), ("parts", "whole") })
        {
            string[] compare = ["compare", "--results", _folder["whole"], _folder["parts"], "--baseline", baseline, "--candidate",
                candidate];
            var lines = (await StatsCommands.RunAsync(compare)).Output.Split('\n');
            foreach (var sentence in floors.Append(called.Conclusion)) Assert.Contains(sentence, lines);
            var json = JsonNode.Parse((await StatsCommands.RunAsync([.. compare, "--json"])).Output)!;
            Assert.Equal((baseline, candidate), ((string)json["baseline"]!, (string)json["candidate"]!));
            AssertSame(called, json["pair"]!);
            Assert.Equal(floors,
                json["floor_checks"]!.AsArray().Select(check => (string)check!["statement"]!).Order(StringComparer.Ordinal));
            Assert.Equal((called.CaseInterval.Low, called.CaseInterval.High),
                ((double)json["case_interval"]!["low"]!, (double)json["case_interval"]!["high"]!));
        }

        foreach (var order in new[] { new[] { "whole", "parts" }, ["parts", "whole"] })
        {
            Assert.Equal(0, (await StatsCommands.RunAsync(
                ["report", "--results", .. order.Select(name => _folder[name]), "--output", _folder["report"]])).Code);
            AssertSame(called, JsonNode.Parse(File.ReadAllText(_folder["report/report.json"]))!["comparison"]!["pairs"]![0]!);
            Assert.Contains(called.Conclusion, WebUtility.HtmlDecode(File.ReadAllText(_folder["report/report.html"])),
                StringComparison.Ordinal);
            Assert.Contains(called.Conclusion, File.ReadAllText(_folder["report/tables/comparison.csv"]), StringComparison.Ordinal);
        }

        await AssertPageAsync(pages, called, floors);
    }

    private static async Task AssertPageAsync(RunningPages pages, V1.ModelComparison called, IEnumerable<string> floors)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = pages.Url };
        foreach (var query in new[] { "models=whole&models=parts", "models=parts&models=whole" })
        {
            // The first response may come before the numbers; the next one has them.
            string html;
            do html = WebUtility.HtmlDecode(await http.GetStringAsync($"/compare?{query}", Stop));
            while (!html.Contains("Every pair", StringComparison.Ordinal));
            foreach (var sentence in floors.Append(called.Conclusion))
                Assert.Contains($"<li>{sentence}</li>", html, StringComparison.Ordinal);
            foreach (var number in new[] { PairText.Points(called.CaseDifference), PairText.Points(called.QuestionDifference),
                PairText.P(called.AdjustedCaseP), PairText.P(called.AdjustedQuestionP), PairText.Equation(called.CaseP),
                PairText.Equation(called.QuestionP) })
                Assert.Contains($">{number}<", html, StringComparison.Ordinal);
        }
    }

    private static void AssertSame(V1.ModelComparison called, JsonNode pair)
    {
        Assert.Equal(
            (called.First, called.Second, called.Conclusion, called.CorrectedOver, called.SharedCases),
            ((string)pair["first"]!, (string)pair["second"]!, (string)pair["conclusion"]!, (string)pair["family"]!["description"]!,
                (int)pair["shared_cases"]!));
        Assert.Equal(
            (called.CaseDifference, called.CaseP, called.AdjustedCaseP, called.QuestionDifference, called.QuestionP,
                called.AdjustedQuestionP,
                called.BalancedDifference, called.BalancedP),
            ((double)pair["cases"]!["difference"]!, (double)pair["case_p"]!, (double)pair["adjusted_case_p"]!,
                (double)pair["questions"]!["difference"]!, (double)pair["question_p"]!, (double)pair["adjusted_question_p"]!,
                (double)pair["balanced"]!["difference"]!, (double)pair["balanced_p"]!));
    }

    // Five cases wholly right and nine wholly missed, against one question right in every case.
    private static bool IsRight(string model, int index, int question) => model == "whole" ? index < 5 : question == 0;

    private static EvaluatorDouble Evaluator()
    {
        var evaluator = new EvaluatorDouble { CaseCount = Cases };
        foreach (var (id, model) in new[] { ("1", "whole"), ("2", "parts") })
        {
            evaluator.AddRun(id, model, [.. from i in Enumerable.Range(0, Cases)
                                           from q in Enumerable.Range(0, 2)
                                           let right = IsRight(model, i, q)
                                           select (i, q, right ? CallOutcome.Correct : CallOutcome.Wrong, (string?)Reply(right))]);
            evaluator.Runs[0].Progress.QuestionsTotal = 2 * Cases;
        }

        return evaluator;
    }

    private void WriteV1(string model) => V1ResultsFile.Write(_folder[model], new V1Results
    {
        Meta = new V1Meta { Model = model, Dataset = "sample", FinishedAt = "2026-01-01T00:00:00+00:00" },
        Cases =
        [
            .. Enumerable.Range(0, Cases).Select(i => new V1Case
            {
                CaseId = i.ToString(CultureInfo.InvariantCulture),
                Mcqs = [.. Enumerable.Range(0, 2).Select(q => IsRight(model, i, q)).Select((right, q) => new V1Mcq
                {
                    Index = q, CorrectAnswer = "A", ExtractedAnswer = right ? "A" : "B", IsCorrect = right, Response = Reply(right),
                })],
            }),
        ],
    });

    private static string Reply(bool right) => right ? "\\boxed{A}" : "\\boxed{B}";
}
