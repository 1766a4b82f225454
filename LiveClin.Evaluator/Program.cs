using LiveClin.Evaluator.CommandLine;
using LiveClin.ServiceDefaults.Commands;

return await CommandLineProgram.RunAsync(EvaluatorCommandLine.Create(), args, configuration: null, CancellationToken.None);
