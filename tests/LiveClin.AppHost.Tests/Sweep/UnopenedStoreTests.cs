using System.Text.Json.Nodes;
using LiveClin.AppHost.Settings;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>A store that cannot be opened is a wrong setting, and nothing is said of results that nobody can look at.</summary>
public sealed class UnopenedStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _patience =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public UnopenedStoreTests() => _patience.CancelAfter(HangGuard.Longest);

    public void Dispose()
    {
        _patience.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_reason_is_told_once_and_the_exit_code_is_that_of_wrong_settings()
    {
        await File.WriteAllTextAsync(_folder["letter.db"], new string('x', 5000), _patience.Token);
        var models = new JsonArray(new JsonObject { ["Name"] = "floor", ["Server"] = "baseline", ["ApiId"] = "baseline/always-A" });
        using var host = AppHostProcess.Start(_folder, models, null, "--store", _folder["letter.db"]);

        Assert.Equal(ExitCodes.Invalid, await host.EndAsync(_patience.Token));

        Assert.Single(
            host.Output.Split('\n'),
            line => line.Contains("letter.db", StringComparison.Ordinal) && line.Contains("The sweep failed", StringComparison.Ordinal));
        // The same again would come to the same, and the program has ended.
        Assert.DoesNotContain("again", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Look:", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Next:", host.Output, StringComparison.Ordinal);
    }
}
