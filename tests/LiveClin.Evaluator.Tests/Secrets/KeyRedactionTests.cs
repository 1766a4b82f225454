using System.Text;
using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs;
using LiveClin.Evaluator.Tests.Runs;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Secrets;

public sealed class KeyRedactionTests
{
    private const string Key = "sk-audit+7d1f0b/6c93e84a5fbb20";

    [Fact]
    public void A_key_is_taken_out_in_every_form_in_which_servers_echo_it()
    {
        var redaction = new KeyRedaction(Key);
        string[] texts =
        [
            Key, Uri.EscapeDataString(Key), Uri.EscapeDataString(Key).Replace("%2F", "/", StringComparison.Ordinal),
            System.Web.HttpUtility.UrlEncode(Key), Key.Replace("/", "\\/", StringComparison.Ordinal), Base64(Key), Base64("user:" + Key),
            Base64("Bearer " + Key + "!"), Base64("x" + Key).Replace('+', '-').Replace('/', '_'),
            Percent(Key, "X2"), Percent(Key, "x2"), Convert.ToHexString(Encoding.UTF8.GetBytes(Key)),
            Convert.ToHexStringLower(Encoding.UTF8.GetBytes(Key)),
            Uri.EscapeDataString(Key).Replace("%2B", "%2b", StringComparison.Ordinal),
        ];
        foreach (var text in texts)
        {
            var clean = redaction.Of($"before {text} after");
            Assert.Contains(KeyRedaction.Mark, clean, StringComparison.Ordinal);
            Assert.DoesNotContain(text[4..^4], clean, StringComparison.Ordinal);
            Assert.StartsWith("before ", clean, StringComparison.Ordinal);
            Assert.EndsWith(" after", clean, StringComparison.Ordinal);
        }

        Assert.Equal("cut at ***…", redaction.Of($"cut at {Key[..9]}…"));
        Assert.Equal("a token is a token", new KeyRedaction("token").Of("a token is a token"));
        Assert.Equal("nothing", new KeyRedaction(null).Of("nothing"));
    }

    [Fact]
    public void Nothing_that_is_stored_of_a_reply_holds_the_key()
    {
        var answer = AnswerJudge.Redacted(
            new Answer
            {
                CaseOrdinal = 0, QuestionIndex = 0, Outcome = Outcome.Correct,
                Reply = Key, Reasoning = Key, FinishReason = "stop " + Key, ErrorMessage = Key,
            },
            new KeyRedaction(Key));
        Assert.Equal(("***", "***", "stop ***", "***"), (answer.Reply, answer.Reasoning, answer.FinishReason, answer.ErrorMessage));
    }

    [Fact]
    public async Task A_reply_that_echoes_the_key_is_stored_without_it_and_taken_as_it_came()
    {
        var reply = $"The key {Key} is not mine. \\boxed{{A}}";
        await using var server = await FakeModelServer.StartAsync(_ => reply);
        await using var evaluator = new EvaluatorHarness();
        var request = EvaluatorHarness.Request(server);

        var (_, answers) = await evaluator.RunAsync(request with
        {
            Endpoint = request.Endpoint with { ApiKey = Key },
            Target = RunTarget.Of(1, 1),
        });

        Assert.All(answers, answer =>
            Assert.Equal((reply.Replace(Key, "***", StringComparison.Ordinal), "A"), (answer.Reply, answer.Letter)));
        // The next question follows on what the model said.
        var history = server.Calls.Last(call => call.Messages.Count > 1).Messages[1];
        Assert.Contains(Key, history.GetProperty("content").ToString(), StringComparison.Ordinal);
    }

    private static string Percent(string text, string format) =>
        string.Concat(Encoding.UTF8.GetBytes(text).Select(value => "%" + value.ToString(format)));

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
