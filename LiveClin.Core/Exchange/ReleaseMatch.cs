using LiveClin.Core.Cases;

namespace LiveClin.Core.Exchange;

/// <summary>Finds the release that published results were made on.</summary>
internal static class ReleaseMatch
{
    /// <summary>
    /// The first release that holds every one of the cases with the same questions, and the cases' positions in it; null when there is
    /// none.
    /// </summary>
    /// <param name="candidates">Releases that are known.</param>
    /// <param name="cases">What is known of the cases.</param>
    /// <param name="nameOf">The name by which a case is looked for.</param>
    /// <param name="same">Whether two cases with one name are the same case.</param>
    public static (Release Release, int[] Ordinals)? Find(
        IEnumerable<Release> candidates, IReadOnlyList<Case> cases, Func<Case, string> nameOf, Func<Case, Case, bool> same)
    {
        foreach (var release in candidates)
        {
            var byName = release.Cases.ToLookup(nameOf, StringComparer.Ordinal);
            var found = cases.Select(wanted => byName[nameOf(wanted)].FirstOrDefault(@case => same(@case, wanted))).ToList();
            if (found.Count > 0 && found.All(@case => @case is not null)) return (release, [.. found.Select(@case => @case!.Ordinal)]);
        }

        return null;
    }

    /// <summary>Same number of questions, same keys.</summary>
    public static bool SameKeys(Case @case, Case other) =>
        @case.Questions.Select(question => question.Key)
            .SequenceEqual(other.Questions.Select(question => question.Key), StringComparer.Ordinal);

    /// <summary>Same scenario, same questions, same keys.</summary>
    public static bool SameTexts(Case @case, Case other) =>
        @case.Scenario == other.Scenario && SameKeys(@case, other)
        && @case.Questions.Select(question => question.Text)
            .SequenceEqual(other.Questions.Select(question => question.Text), StringComparer.Ordinal);
}
