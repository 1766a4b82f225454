using System.CommandLine;
using LiveClin.Stats.CommandLine;

// Ctrl+C and SIGTERM cancel the command, which gets this long to stop in order.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
var command = StatsCommandLine.Create().Parse(args);
var exitCode = await command.InvokeAsync(configuration);
return command.Errors.Count > 0 ? ExitCodes.Invalid : exitCode;
