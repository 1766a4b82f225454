using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

public sealed class VisionCheckCommandTests
{
    [Theory]
    [InlineData("It is YELLOW.", 0, "passed")]
    [InlineData("Blue\u001b[2J", 1, "failed")]
    public async Task Tells_whether_the_model_sees(string reply, int exitCode, string word)
    {
        await using var server = await FakeModelServer.StartAsync(_ => reply);
        var result = await CommandRunner.RunAsync("vision-check", "--model", "m", "--api-base", server.BaseUrl.ToString());
        Assert.Equal(exitCode, result.ExitCode);
        Assert.StartsWith(word, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output);
        Assert.StartsWith("data:image/png;base64,", server.Calls[0].Messages[0].GetProperty("content")[1].GetProperty("image_url")
            .GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://x")]
    [InlineData("nonsense")]
    public async Task Refuses_what_is_no_address(string apiBase)
    {
        var result = await CommandRunner.RunAsync("vision-check", "--model", "m", "--api-base", apiBase);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("--api-base", result.Error, StringComparison.Ordinal);
    }
}
