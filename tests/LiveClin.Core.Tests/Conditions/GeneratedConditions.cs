using System.Security.Cryptography;
using System.Text;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;

namespace LiveClin.Core.Tests.Conditions;

/// <summary>
/// Puts conditions on generated releases of all shapes; what a seeded order is sorted by is worked out a second time from its definition.
/// </summary>
internal static class GeneratedConditions
{
    public static IReadOnlyList<int> Seeds { get; } = [.. Enumerable.Range(1, 40)];

    public static void Check(string condition, Action<GeneratedRelease, Case, ConditionedCase?> check)
    {
        var asked = 0;
        foreach (var seed in Seeds)
        {
            using var release = new GeneratedRelease(seed);
            var under = release.Under(condition);
            foreach (var clinicalCase in release.Cases)
            {
                var found = under.Find(clinicalCase);
                if (found is not null) asked++;
                check(release, clinicalCase, found);
            }
        }

        Assert.True(asked > 20, $"Only {asked} cases were asked under {condition}.");
    }

    public static string Name(Case clinicalCase) => clinicalCase.FileName[..^".json".Length];

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
