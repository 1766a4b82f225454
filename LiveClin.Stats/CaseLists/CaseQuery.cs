using LiveClin.Core.Answers;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Slices;

namespace LiveClin.Stats.CaseLists;

/// <summary>Which cases to list, for pages and calls alike; what is null or empty does not filter.</summary>
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

    /// <summary>Words, each of which stands in title, identifier, file name, chapter, subcategory or scenario, in any case.</summary>
    public string? Text { get; init; }

    /// <summary>Models that get the whole case right.</summary>
    public IReadOnlyCollection<string> Right { get; init; } = [];

    /// <summary>Models that cover the case and do not get it right.</summary>
    public IReadOnlyCollection<string> Wrong { get; init; } = [];

    /// <summary>How the models that count (<see cref="ResultSet.Counted"/>) and cover the case agree on it.</summary>
    public CaseAgreement? Agreement { get; init; }

    /// <summary>The model that <see cref="Outcome"/> and <see cref="WholeCase"/> are about; null for any that counts.</summary>
    public string? Model { get; init; }

    /// <summary>Only cases with a question of this outcome.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>Only cases that are right (true) or missed (false) as a whole.</summary>
    public bool? WholeCase { get; init; }

    /// <summary>The cases, in the order of the release.</summary>
    public IEnumerable<CaseFacts> Run(ResultSet set)
    {
        var words = Text?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var right = Right.Select(set.FindModel).ToList();
        var wrong = Wrong.Select(set.FindModel).ToList();
        var counted = set.Counted.ToList();
        var asked = Model is null ? counted : [.. set.Models.Where(m => m.Model == Model)];
        return set.Cases.Where(@case => IsAbout(@case, words)
            && right.TrueForAll(m => m is not null && Covers(m, @case) && m.IsCaseCorrect(@case))
            && wrong.TrueForAll(m => m is not null && Covers(m, @case) && !m.IsCaseCorrect(@case))
            && Agrees(counted, @case)
            && (Outcome is null || asked.Exists(m => Covers(m, @case) && HasOutcome(m, @case, Outcome.Value)))
            && (WholeCase is null || asked.Exists(m => Covers(m, @case) && m.IsCaseCorrect(@case) == WholeCase)));
    }

    private bool IsAbout(CaseFacts @case, string[] words) =>
        Same(Chapter, @case.Chapter) && Same(Subcategory, @case.Subcategory) && Same(Rarity, @case.Rarity)
        && HasQuestion(@case, SliceDimension.Stage, Stage) && HasQuestion(@case, SliceDimension.ImageModality, ImageModality)
        && Array.TrueForAll(words, word => Has(@case.Title, word) || Has(@case.Id, word) || Has(@case.FileName, word)
            || Has(@case.Chapter, word) || Has(@case.Subcategory, word) || Has(@case.Scenario, word));

    private bool Agrees(List<ModelResults> models, CaseFacts @case)
    {
        if (Agreement is not { } wanted) return true;
        var (covering, right) = (models.Count(m => Covers(m, @case)), models.Count(m => Covers(m, @case) && m.IsCaseCorrect(@case)));
        return covering > 0 && wanted switch
        {
            CaseAgreement.All => right == covering,
            CaseAgreement.None => right == 0,
            _ => right > 0 && right < covering,
        };
    }

    private static bool HasOutcome(ModelResults model, CaseFacts @case, Outcome outcome)
    {
        for (var i = 0; i < @case.Questions.Length; i++)
            if (model.Answers[@case.FirstQuestion + i].Outcome == outcome) return true;
        return false;
    }

    private static bool Covers(ModelResults model, CaseFacts @case) => model.Covers[@case.Index];

    private static bool Same(string? wanted, string? found) => string.IsNullOrEmpty(wanted) || wanted == found;

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;

    private static bool HasQuestion(CaseFacts @case, SliceDimension dimension, string? wanted) =>
        string.IsNullOrEmpty(wanted) || @case.Questions.Any(question => Slicer.NamesOf(dimension, @case, question).Contains(wanted));
}

/// <summary>How models agree on a case.</summary>
public enum CaseAgreement
{
    /// <summary>All get the whole case right.</summary>
    All = 0,

    /// <summary>None does.</summary>
    None = 1,

    /// <summary>Some do and some do not.</summary>
    Split = 2,
}
