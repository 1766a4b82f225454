using System.Reflection;
using NetArchTest.Rules;

namespace LiveClin.Architecture.Tests;

/// <summary>The arrows of AGENTS.md: who may know whom, between projects and between the folders of a service.</summary>
public sealed class ArrowTests
{
    private static readonly Assembly Core = Assembly.Load("LiveClin.Core");
    private static readonly Assembly ServiceDefaults = Assembly.Load("LiveClin.ServiceDefaults");
    private static readonly Assembly Evaluator = Assembly.Load("LiveClin.Evaluator");
    private static readonly Assembly Stats = Assembly.Load("LiveClin.Stats");

    [Fact]
    public void The_core_knows_nobody_and_no_server()
    {
        Assert.Empty(OursIn(Core));
        Assert.DoesNotContain(Core.GetReferencedAssemblies(),
            name => name.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    [Fact]
    public void The_service_defaults_know_nobody() => Assert.Empty(OursIn(ServiceDefaults));

    [Fact]
    public void Services_know_the_core_and_the_defaults_and_not_each_other()
    {
        string[] allowed = ["LiveClin.Core", "LiveClin.ServiceDefaults"];
        Assert.Equal(allowed, OursIn(Evaluator));
        Assert.Equal(allowed, OursIn(Stats));
    }

    [Theory]
    [InlineData("LiveClin.Evaluator", "CommandLine", new string[0])]
    [InlineData("LiveClin.Evaluator", "Service", new[] { "CommandLine" })]
    [InlineData("LiveClin.Stats", "CommandLine", new string[0])]
    [InlineData("LiveClin.Stats", "Service", new[] { "CommandLine" })]
    [InlineData("LiveClin.Stats", "Pages", new[] { "Service.StatsApplication" })]
    public void Nothing_points_at_an_adapter(string project, string adapter, string[] except)
    {
        // Programs are the commands' roots; what Razor generates for a page stands in a namespace of its own.
        var pointing = Types.InAssembly(Assembly.Load(project)).That()
            .HaveDependencyOnAny($"{project}.{adapter}")
            .GetTypes().Select(type => type.FullName)
            .Where(name => !name.StartsWith("Program", StringComparison.Ordinal) && !name.StartsWith("__Blazor.", StringComparison.Ordinal))
            .Where(name => !name.StartsWith($"{project}.{adapter}.", StringComparison.Ordinal))
            .Where(name => !except.Any(allowed => name.StartsWith($"{project}.{allowed}", StringComparison.Ordinal)));
        Assert.Empty(pointing);
    }

    [Theory]
    [InlineData("LiveClin.Evaluator", "CommandLine")]
    [InlineData("LiveClin.Evaluator", "Service")]
    [InlineData("LiveClin.Stats", "CommandLine")]
    [InlineData("LiveClin.Stats", "Service")]
    [InlineData("LiveClin.Stats", "Pages")]
    public void The_adapters_that_the_rule_is_about_are_there(string project, string adapter) =>
        Assert.NotEmpty(Types.InAssembly(Assembly.Load(project)).That().HaveDependencyOnAny($"{project}.{adapter}").GetTypes());

    private static IEnumerable<string> OursIn(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(name => name.Name!).Where(name => name.StartsWith("LiveClin.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
