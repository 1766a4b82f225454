using LiveClin.Core.Answers;
using LiveClin.Stats.CaseLists;
using LiveClin.Stats.Pages.Shell;

namespace LiveClin.Stats.Pages.Cases;

/// <summary>Which cases are wanted, and in which order; made from an address and turned back into one.</summary>
public sealed record CaseFilter
{
    /// <summary>Words in title, identifier, chapter or subcategory.</summary>
    public string? Text { get; init; }

    /// <summary>ICD-10 chapter.</summary>
    public string? Chapter { get; init; }

    /// <summary>Class of a stage.</summary>
    public string? Stage { get; init; }

    /// <summary>Modality of a figure.</summary>
    public string? Modality { get; init; }

    /// <summary>The model that <see cref="Outcome"/> is about; null for any.</summary>
    public string? Model { get; init; }

    /// <summary><c>right</c>, <c>missed</c> (whole case), or an outcome that at least one question has.</summary>
    public string? Outcome { get; init; }

    /// <summary><c>all</c> (every model right), <c>none</c>, <c>split</c>.</summary>
    public string? Agree { get; init; }

    /// <summary>The whole case is right for this model…</summary>
    public string? RightBy { get; init; }

    /// <summary>… and not for this one.</summary>
    public string? MissedBy { get; init; }

    /// <summary><c>hard</c>, <c>easy</c>; null for the release's order.</summary>
    public string? Sort { get; init; }

    /// <summary>The query of an address that means this filter.</summary>
    public (string Name, object? Value)[] Query =>
        [("text", Text), ("chapter", Chapter), ("stage", Stage), ("modality", Modality), ("model", Model), ("outcome", Outcome),
            ("agree", Agree), ("right", RightBy), ("missed", MissedBy), ("sort", Sort)];

    /// <summary>True when it leaves nothing out.</summary>
    public bool IsEmpty => this with { Sort = null } == new CaseFilter();

    /// <summary>The cases that are wanted, in order.</summary>
    public IReadOnlyList<CaseRow> Apply(ResultView view)
    {
        var rows = ToQuery().Run(view.Set).Select(@case => view.Rows[@case.Index]);
        return Sort switch
        {
            "hard" => [.. rows.OrderBy(r => double.IsNaN(r.Mean) ? 2 : r.Mean)],
            "easy" => [.. rows.OrderByDescending(r => double.IsNaN(r.Mean) ? -1 : r.Mean)],
            _ => [.. rows],
        };
    }

    private CaseQuery ToQuery() => new()
    {
        Text = Text, Chapter = Chapter, Stage = Stage, ImageModality = Modality, Model = Model,
        Right = RightBy is null ? [] : [RightBy], Wrong = MissedBy is null ? [] : [MissedBy],
        Agreement = Agree switch { "all" => CaseAgreement.All, "none" => CaseAgreement.None, "split" => CaseAgreement.Split, _ => null },
        WholeCase = Outcome switch { "right" => true, "missed" => false, _ => null },
        Outcome = Enum.TryParse<Outcome>(Outcome, ignoreCase: true, out var outcome) && Enum.IsDefined(outcome) ? outcome : null,
    };
}
