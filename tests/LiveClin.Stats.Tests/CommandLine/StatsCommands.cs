using System.CommandLine;
using LiveClin.Stats.CommandLine;

namespace LiveClin.Stats.Tests.CommandLine;

/// <summary>What a command gave.</summary>
internal sealed record StatsResult(int Code, string Output, string Error);

/// <summary>Runs commands in this process.</summary>
internal static class StatsCommands
{
    public static async Task<StatsResult> RunAsync(params string[] args)
    {
        var configuration = new InvocationConfiguration { Output = new StringWriter(), Error = new StringWriter() };
        var parsed = StatsCommandLine.Create().Parse(args);
        var code = await parsed.InvokeAsync(configuration, TestContext.Current.CancellationToken);
        return new StatsResult(parsed.Errors.Count > 0 ? 2 : code, configuration.Output.ToString()!, configuration.Error.ToString()!);
    }
}
