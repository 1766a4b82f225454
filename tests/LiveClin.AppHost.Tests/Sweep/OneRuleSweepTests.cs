using System.Text.Json.Nodes;
using LiveClin.Testing;
using static LiveClin.AppHost.Tests.Sweep.Models;
using static LiveClin.AppHost.Tests.Sweep.Summary;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>Whatever is changed in settings and switches, a sweep asks only what has no reply yet; counted at the servers.</summary>
public sealed class OneRuleSweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public OneRuleSweepTests() => _patience.CancelAfter(HangGuard.Longest);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Nothing_is_asked_twice_through_any_order_of_models_settings_and_conditions()
    {
        await using var server = await FakeModelServer.StartAsync((call, context) =>
            FakeModelServer.ReplyAsync(context, call.LastText.Contains("color", StringComparison.Ordinal) ? "Yellow" : "\\boxed{A}"));
        JsonObject Endpoint(string name) => new()
        {
            ["Name"] = name,
            ["Server"] = "endpoint",
            ["Endpoint"] = server.BaseUrl.ToString(),
            ["ApiId"] = name,
        };
        JsonObject Managed() => SGLang("Served", "fake/one");
        string[] conditions = ["", " · shuffled:1", " · single-turn"], models = ["Served", "a", "b"];

        // While a server is up its model is asked under every condition.
        var whole = await SweepAsync([Managed(), Endpoint("a"), Endpoint("b")], "--limit", "2",
            "--conditions", "single-turn, shuffled,published,rotated:0");
        var (questions, servers) = (Property(whole["a"], "questions.total"), ServerStarts());
        foreach (var model in models)
            foreach (var condition in conditions)
                Assert.Equal((questions, questions),
                    (Property(whole[model + condition], "questions.total"), Property(whole[model + condition], "questions.answered")));
        Assert.Equal(0, Property(whole["a · rotated:0"], "questions.total")); // it changes nothing, and nothing is asked
        Assert.Equal((2 * ((3 * questions) + 1), 1), (server.Calls.Count, servers)); // one vision check for a model
        Assert.Equal(2 * questions, server.Calls
            .Count(call => call.Messages.Count == 1 && call.LastText.StartsWith("* Scenario: ", StringComparison.Ordinal)) - (2 * 2 * 2));
        var calls = server.Calls.Count;

        // Fewer models in another order, a smaller target, other conditions and concurrency, --resume: complete, and no server is started.
        var again = await SweepAsync([Managed(), Endpoint("b"), Endpoint("a")], "--models", "b,Served", "--limit", "1",
            "--conditions", "published,shuffled", "--concurrency", "3", "--resume");
        Assert.All(again.Values, test => Assert.Equal(Property(test, "questions.total"), Property(test, "questions.answered")));
        Assert.Equal((calls, servers), (server.Calls.Count, ServerStarts()));

        // A model more and one less, and a larger target: the new one is asked all of it, the other two epochs.
        var grown = await SweepAsync([Endpoint("c"), Endpoint("a")], "--limit", "2", "--epochs", "3");
        Assert.Equal(3 * questions, Property(grown["a"], "questions.total"));
        var asked = server.Calls.Skip(calls).CountBy(call => call.Json.GetProperty("model").GetString()!).ToDictionary();
        Assert.Equal(((3 * questions) + 1, (2 * questions) + 1, 2), (asked["c"], asked["a"], asked.Count));
    }

    private async Task<Dictionary<string, System.Xml.Linq.XElement>> SweepAsync(JsonArray models, params string[] switches)
    {
        using var host = AppHostProcess.Start(_folder, models, new FakeGpus(_folder.FullName).Write(1), switches);
        Assert.True(await host.EndAsync(_patience.Token) == 0, host.Output);
        return Summary.Of(_folder);
    }

    // Every start of a managed server has a log of its own.
    private int ServerStarts() => Directory.GetFiles(_folder["logs"]).Length;
}
