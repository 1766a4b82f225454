using System.Text;
using System.Text.Json;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Testing;
using static LiveClin.Evaluator.Tests.Dialects.OddServer;

namespace LiveClin.Evaluator.Tests.Dialects;

/// <summary>
/// The replies of public failure reports, where the shared folder lies beside the repository; what they stand for is in
/// <see cref="OddReplyTests"/>.
/// </summary>
public sealed class ReportedRepliesTests
{
    [Fact]
    public async Task Each_comes_to_what_it_should()
    {
        var wrong = new StringBuilder();
        foreach (var line in await File.ReadAllLinesAsync(SharedData.Path("cases", "replies.jsonl"), TestContext.Current.CancellationToken))
        {
            using var document = JsonDocument.Parse(line);
            var problem = await CheckAsync(document.RootElement);
            if (problem.Length > 0) wrong.AppendLine($"{document.RootElement.GetProperty("name").GetString()}: {problem}");
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }

    private static async Task<string> CheckAsync(JsonElement report)
    {
        var expected = report.GetProperty("expect");
        var times = report.GetProperty("times").GetString()!;
        var body = report.GetProperty("body");
        var reply = new OddReply(report.GetProperty("status").GetInt32(), body.ValueKind == JsonValueKind.String
            ? body.GetString()! : body.GetRawText())
        {
            Headers = report.GetProperty("headers").EnumerateObject()
                .ToDictionary(header => header.Name, header => header.Value.GetString()!),
        };
        OddReply? Odd(ChatCall call, int before) =>
            reply.Status is 307 && before > 0 ? null
            : times.StartsWith("once", StringComparison.Ordinal) && before > 0 ? null
            : times.Contains("max_tokens is in the body", StringComparison.Ordinal) && !call.Json.TryGetProperty("max_tokens", out _) ? null
            : call.Json.TryGetProperty("stream", out _) ? null
            : reply;

        var isRun = expected.GetProperty("scope").GetString() == "run";
        var came = isRun ? await EveryQuestionAsync(Odd) : await OneQuestionAsync(Odd);
        var requests = expected.GetProperty("requests");
        var all = requests.ValueKind == JsonValueKind.String ? 1 + Retries : requests.GetInt32();
        if (isRun)
            return came.Run.Status == RunStatus.Failed && came.Requests == all
                ? "" : $"{came.Run.Status} ({came.Run.StatusReason}) after {came.Requests} requests";
        var outcome = came.Answer?.Outcome.ToString().ToLowerInvariant() ?? "none";
        var isCount = came.Requests == all || (reply.Status == 429 && requests.ValueKind == JsonValueKind.String && came.Requests > all);
        return outcome == expected.GetProperty("outcome").GetString() && isCount
            && came.Run.Status is RunStatus.Completed or RunStatus.EndedWithFailures
            ? ""
            : $"{outcome} ({came.Answer?.ErrorKind} {came.Answer?.ErrorMessage}) after {came.Requests} requests; the run: {came.Run.Status} {came.Run.StatusReason}";
    }
}
