using System.Collections.Immutable;

namespace LiveClin.Stats.ResultSets;

/// <summary>
/// Cases × models → answers: what every statistic, report and page works on. Loaded from a result store (<see cref="StoreSource"/>), a core
/// folder (<see cref="CoreFolderSource"/>), v1 files (<see cref="V1FileSource"/>) or a running evaluator.
/// </summary>
public sealed class ResultSet
{
    internal ResultSet(string release, string? releaseSha256, ImmutableArray<CaseFacts> cases, ImmutableArray<ModelResults> models, ImmutableArray<string> notes)
    {
        Release = release;
        ReleaseSha256 = releaseSha256;
        Cases = cases;
        Models = models;
        Notes = notes;
        QuestionCount = cases.Sum(c => c.Questions.Length);
    }

    /// <summary>Name of the release.</summary>
    public string Release { get; }

    /// <summary>SHA-256 of the release's JSONL file; null where the source does not know it.</summary>
    public string? ReleaseSha256 { get; }

    /// <summary>The cases, in the order of the release.</summary>
    public ImmutableArray<CaseFacts> Cases { get; }

    /// <summary>The models, in the order in which they were added.</summary>
    public ImmutableArray<ModelResults> Models { get; }

    /// <summary>What the reader of any number should know: files left out, models with fewer cases, older runs not used.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>Number of questions over all cases.</summary>
    public int QuestionCount { get; }

    /// <summary>A model by name; null when there is none.</summary>
    public ModelResults? FindModel(string name) => Models.FirstOrDefault(m => m.Model == name);

    /// <summary>The cases that all given models cover.</summary>
    public IReadOnlyList<CaseFacts> SharedCases(params IReadOnlyCollection<ModelResults> models) =>
        [.. Cases.Where(c => models.All(m => m.Covers[c.Index]))];

    /// <summary>The same set with some models only.</summary>
    public ResultSet WithModels(Func<ModelResults, bool> keep) => new(Release, ReleaseSha256, Cases, [.. Models.Where(keep)], Notes);
}
