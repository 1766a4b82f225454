using LiveClin.Core.Answers;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Slices;

namespace LiveClin.Stats.CaseLists;

/// <summary>Which cases to list; what is null or empty does not filter.</summary>
public sealed record CaseQuery
{
    /// <summary>ICD-10 chapter, exactly.</summary>
    public string? Chapter { get; init; }

    /// <summary>Subcategory, exactly.</summary>
    public string? Subcategory { get; init; }

    /// <summary>Rarity, exactly.</summary>
    public string? Rarity { get; init; }

    /// <summary>Class of the clinical stage of one of its questions.</summary>
    public string? Stage { get; init; }

    /// <summary>Image modality of one of its questions.</summary>
    public string? ImageModality { get; init; }

    /// <summary>Text in the identifier or title, in any case.</summary>
    public string? Text { get; init; }

    /// <summary>Models that get the whole case right.</summary>
    public IReadOnlyCollection<string> Right { get; init; } = [];

    /// <summary>Models that cover the case and do not get it right.</summary>
    public IReadOnlyCollection<string> Wrong { get; init; } = [];

    /// <summary>Only cases that some of the models that cover them get right and some do not.</summary>
    public bool Disagreement { get; init; }

    /// <summary>Only cases with a question of this outcome for one of the models.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>The cases, in the order of the release.</summary>
    public IEnumerable<CaseFacts> Run(ResultSet set) => set.Cases.Where(one => Matches(set, one));

    private bool Matches(ResultSet set, CaseFacts one)
    {
        var models = set.Models.Where(m => m.Covers[one.Index]).ToList();
        return Same(Chapter, one.Chapter) && Same(Subcategory, one.Subcategory) && Same(Rarity, one.Rarity)
            && HasQuestion(one, SliceDimension.Stage, Stage) && HasQuestion(one, SliceDimension.ImageModality, ImageModality)
            && (string.IsNullOrEmpty(Text) || one.Id.Contains(Text, StringComparison.OrdinalIgnoreCase) || (one.Title ?? "").Contains(Text, StringComparison.OrdinalIgnoreCase))
            && Right.All(name => models.Exists(m => m.Model == name && m.IsCaseCorrect(one)))
            && Wrong.All(name => models.Exists(m => m.Model == name && !m.IsCaseCorrect(one)))
            && (!Disagreement || (models.Exists(m => m.IsCaseCorrect(one)) && models.Exists(m => !m.IsCaseCorrect(one))))
            && (Outcome is not { } outcome || models.Exists(m => one.Questions.Any(q => m.Answers[one.FirstQuestion + q.Index].Outcome == outcome)));
    }

    private static bool Same(string? wanted, string? found) => string.IsNullOrEmpty(wanted) || wanted == found;

    private static bool HasQuestion(CaseFacts one, SliceDimension dimension, string? wanted) =>
        string.IsNullOrEmpty(wanted) || one.Questions.Any(question => Slicer.NamesOf(dimension, one, question).Contains(wanted));
}
