using System.Collections.Frozen;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;

namespace LiveClin.Core.Results;

/// <summary>
/// The one order in which samples take the cases of a release: within each chapter by the SHA-256 of <c>sample:1\nCASE</c>, and the
/// chapters in step with each other, so that every beginning holds each chapter by its share. Samples nest: a larger one contains every
/// smaller one.
/// </summary>
public sealed class SampleOrder
{
    private const string Head = "sample:1";
    private readonly Lazy<FrozenDictionary<int, int>> _places;

    /// <param name="cases">Gives the cases of the whole release, when a sample is asked for.</param>
    public SampleOrder(Func<IEnumerable<Case>> cases) => _places = new(() => Order(cases()));

    /// <summary>The order of these cases, which are a whole release.</summary>
    public static SampleOrder Of(IEnumerable<Case> cases) => new(() => cases);

    /// <summary>Place of a case, from 0: a sample of N holds the places below N.</summary>
    public int PlaceOf(int caseOrdinal) => _places.Value.GetValueOrDefault(caseOrdinal, int.MaxValue);

    private static FrozenDictionary<int, int> Order(IEnumerable<Case> cases) => cases
        .Select(sampled => (sampled.Ordinal, sampled.Chapter,
            Hash: SeededOrder.Of(Head, Path.GetFileNameWithoutExtension(sampled.FileName))))
        .GroupBy(sampled => sampled.Chapter ?? "")
        .SelectMany(chapter => chapter.OrderBy(sampled => sampled.Hash, StringComparer.Ordinal)
            .Select((sampled, i) => (sampled.Ordinal, sampled.Hash, Share: ((2 * i) + 1.0) / (2 * chapter.Count()))))
        .OrderBy(sampled => sampled.Share).ThenBy(sampled => sampled.Hash, StringComparer.Ordinal)
        .Select((sampled, place) => (sampled.Ordinal, place))
        .ToFrozenDictionary(sampled => sampled.Ordinal, sampled => sampled.place);
}
