using System.CommandLine;
using LiveClin.Evaluator.CommandLine;

// Ctrl+C and SIGTERM cancel the command, which gets this long to stop in order.
var configuration = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
return await EvaluatorCommandLine.RunAsync(args, configuration, CancellationToken.None);
