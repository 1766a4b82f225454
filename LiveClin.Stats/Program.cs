using LiveClin.ServiceDefaults.Commands;
using LiveClin.Stats.CommandLine;

return await CommandLineProgram.RunAsync(StatsCommandLine.Create(), args, configuration: null, CancellationToken.None);
