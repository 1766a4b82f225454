using System.CommandLine;
using System.Text.RegularExpressions;
using LiveClin.Evaluator.CommandLine;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>What a command gave.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All that it wrote to standard output.</param>
/// <param name="Error">
/// What it wrote to standard error, without its lines of progress: how many of those come depends on how long the run takes.
/// </param>
internal sealed record CommandResult(int ExitCode, string Output, string Error);

/// <summary>Runs commands in this process.</summary>
internal static partial class CommandRunner
{
    public static async Task<CommandResult> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        var exitCode = await CommandLineProgram.RunAsync(EvaluatorCommandLine.Create(), args, configuration,
            TestContext.Current.CancellationToken);
        return new CommandResult(exitCode, output.ToString(), WithoutProgress(error.ToString()));
    }

    private static string WithoutProgress(string error) => ProgressLines().Replace(error, "");

    [GeneratedRegex(@"^\d+/\d+ cases, \d+/\d+ questions.*\n", RegexOptions.Multiline)]
    private static partial Regex ProgressLines();
}
