using System.Text.Json.Nodes;
using LiveClin.Testing;
using static LiveClin.AppHost.Tests.Sweep.Summary;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>A model's <c>MaxCost</c> stops its run in a sweep; a higher one goes on where it stopped.</summary>
public sealed class CostSweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public CostSweepTests() => _patience.CancelAfter(HangGuard.Longest);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_limit_is_the_reason_in_the_table_and_a_higher_one_asks_the_rest()
    {
        await using var server = await FakeModelServer.StartAsync((call, context) =>
            FakeModelServer.ReplyAsync(context, IsVisionCheck(call) ? "Yellow" : "\\boxed{A}"));

        var stopped = await SweepAsync(server, 30);

        const string reason = "Stopped by the cost limit of 30.00 USD";
        var (total, answered) = (Property(stopped.Tests["paid"], "questions.total"), Property(stopped.Tests["paid"], "questions.answered"));
        Assert.Equal(1, stopped.ExitCode);
        Assert.StartsWith(reason, stopped.Tests["paid"].Element("skipped")!.Attribute("message")!.Value, StringComparison.Ordinal);
        Assert.Contains($"0 failures  {reason}", stopped.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("failed", stopped.Output, StringComparison.Ordinal);
        Assert.Equal((0, total - answered),
            (Property(stopped.Tests["paid"], "questions.failed"), Property(stopped.Tests["paid"], "questions.not-asked")));
        Assert.InRange(answered, 1, total - 1);
        Assert.Equal(answered, Questions(server));

        var whole = await SweepAsync(server, 5000);

        Assert.Equal((0, total), (whole.ExitCode, Property(whole.Tests["paid"], "questions.answered")));
        Assert.Equal(total, Questions(server));
    }

    private static bool IsVisionCheck(ChatCall call) =>
        call.LastText.Contains("color", StringComparison.Ordinal) && call.Messages.Count == 1 && call.Body.Length < 20_000;

    private static int Questions(FakeModelServer server) => server.Calls.Count(call => !IsVisionCheck(call));

    private async Task<(int ExitCode, string Output, Dictionary<string, System.Xml.Linq.XElement> Tests)> SweepAsync(FakeModelServer server,
        double most)
    {
        var model = new JsonObject
        {
            ["Name"] = "paid", ["Server"] = "endpoint", ["Endpoint"] = server.BaseUrl.ToString(), ["ApiId"] = "m", ["MaxCost"] = most,
            ["Price"] = new JsonObject { ["Input"] = 10000, ["CachedInput"] = 1000, ["Output"] = 10000 },
        };
        using var host = AppHostProcess.Start(_folder, [model], null, "--concurrency", "4");
        var code = await host.EndAsync(_patience.Token);
        return (code, host.Output, Summary.Of(_folder));
    }
}
