namespace LiveClin.Evaluator.Tests.CommandLine;

public sealed class OptionCheckTests
{
    [Theory]
    [InlineData("--limit", "x")]
    [InlineData("--sample", "1.5")]
    [InlineData("--epochs", "99999999999")]
    [InlineData("--concurrency", "many")]
    [InlineData("--max-retries", "x")]
    [InlineData("--timeout", "soon")]
    [InlineData("--epochs", "0")]
    public async Task Refuses_a_value_that_is_no_such_number(string option, string value)
    {
        var result = await CommandRunner.RunAsync("evaluate", "--model", "m", "--api-base", "http://127.0.0.1:9/v1", "--image-mode",
            "local", option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(option, result.Error, StringComparison.Ordinal);
    }
}
