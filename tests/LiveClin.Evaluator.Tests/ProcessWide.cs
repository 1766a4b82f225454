namespace LiveClin.Evaluator.Tests;

/// <summary>
/// Tests of what a process has only one of (its console, what it has allocated, the telemetry of all that runs in it) run by themselves.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "What a process has one of";
}
