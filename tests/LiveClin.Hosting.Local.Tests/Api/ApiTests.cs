using System.Reflection;
using Aspire.Hosting;

namespace LiveClin.Hosting.Local.Tests.Api;

/// <summary>Whatever compiles against this library must compile against the original: every public member is one of the original's.</summary>
public class ApiTests
{
    public static TheoryData<string> PublicTypes => [.. Types().Select(t => $"{t.Namespace}.{ApiPrinter.NestedName(t)}")];

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void Every_public_member_is_the_originals(string name)
    {
        var type = Types().Single(t => $"{t.Namespace}.{ApiPrinter.NestedName(t)}" == name);
        Assert.True(ApiReference.Types.TryGetValue(name, out var original), $"The original has no public type {name}.");
        var foreign = new ApiPrinter().Members(type).Select(ApiReference.Normal).Where(m => !original!.Members.Contains(m)).ToList();
        Assert.True(foreign.Count == 0, $"{name} has members that the original lacks:\n{string.Join('\n', foreign)}");
    }

    [Theory]
    [MemberData(nameof(PublicTypes))]
    public void Every_public_type_has_the_originals_kind_and_bases(string name)
    {
        var type = Types().Single(t => $"{t.Namespace}.{ApiPrinter.NestedName(t)}" == name);
        var original = ApiReference.Types[name];
        Assert.Equal(type.IsSealed && !type.IsAbstract && !type.IsValueType && !type.IsEnum, original.Declaration.Contains(" sealed class", StringComparison.Ordinal));
        Assert.Equal(type.IsInterface, original.Kind == "interface");
        Assert.Equal(type.IsAbstract && type.IsSealed, original.Declaration.Contains(" static class", StringComparison.Ordinal));
        Assert.Equal(type.IsEnum, original.Kind == "enum");
        var bases = new HashSet<string>();
        AddBases(name, bases);
        var own = new[] { type.BaseType }.Concat(type.GetInterfaces()).OfType<Type>().Where(b => b.Namespace!.StartsWith("Aspire", StringComparison.Ordinal)).Select(b => b.Name.Split('`')[0]);
        Assert.All(own, b => Assert.True(bases.Contains(b), $"{name} has the base {b}; the original has {string.Join(", ", bases)}."));
    }

    // The bases and what they bring along, by simple name.
    private static void AddBases(string name, HashSet<string> bases)
    {
        foreach (var one in ApiReference.Types.Where(t => t.Key == name || t.Key.Split('.')[^1].Split('<')[0] == name).SelectMany(t => t.Value.Bases).Select(b => b.Split('<')[0]))
        {
            if (bases.Add(one)) AddBases(one, bases);
        }
    }

    private static IEnumerable<Type> Types() => typeof(DistributedApplication).Assembly.GetTypes()
        .Where(t => t.IsVisible && t.Namespace is "Aspire.Hosting" or "Aspire.Hosting.ApplicationModel" or "Aspire.Hosting.Eventing" or "Aspire.Hosting.Lifecycle" && t.IsVisible)
        .OrderBy(t => t.FullName, StringComparer.Ordinal);
}
