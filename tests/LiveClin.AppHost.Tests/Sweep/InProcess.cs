namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>Tests with the app host in their own process take turns: its environment is that of the process.</summary>
[CollectionDefinition(Name)]
public sealed class InProcess
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "App host in process";
}
