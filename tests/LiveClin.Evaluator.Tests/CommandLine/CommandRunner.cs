using System.CommandLine;
using LiveClin.Evaluator.CommandLine;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>What a command gave.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>Runs commands in this process.</summary>
internal static class CommandRunner
{
    public static async Task<CommandResult> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        var exitCode = await CommandLineProgram.RunAsync(EvaluatorCommandLine.Create(), args, configuration,
            TestContext.Current.CancellationToken);
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }
}
