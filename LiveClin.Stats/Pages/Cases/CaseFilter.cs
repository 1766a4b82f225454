using LiveClin.Core.Answers;
using LiveClin.Stats.Pages.Shell;
using LiveClin.Stats.ResultSets;

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
        [("text", Text), ("chapter", Chapter), ("stage", Stage), ("modality", Modality), ("model", Model), ("outcome", Outcome), ("agree", Agree), ("right", RightBy), ("missed", MissedBy), ("sort", Sort)];

    /// <summary>True when it leaves nothing out.</summary>
    public bool IsEmpty => this with { Sort = null } == new CaseFilter();

    /// <summary>The cases that are wanted, in order.</summary>
    public IReadOnlyList<CaseRow> Apply(ResultView view)
    {
        var words = Text?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var models = view.Board.Rows.Select(r => r.Ledger.Model).ToList();
        var rows = view.Rows.Where(row => Fits(row, words)
            && (Outcome is null || models.Any(m => (Model is null ? !m.IsBaseline : m.Model == Model) && HasOutcome(m, row.Case)))
            && (RightBy is null || IsRight(view, RightBy, row.Case) == true)
            && (MissedBy is null || IsRight(view, MissedBy, row.Case) == false));
        return Sort switch
        {
            "hard" => [.. rows.OrderBy(r => double.IsNaN(r.Mean) ? 2 : r.Mean)],
            "easy" => [.. rows.OrderByDescending(r => double.IsNaN(r.Mean) ? -1 : r.Mean)],
            _ => [.. rows],
        };
    }

    private bool Fits(CaseRow row, string[] words) =>
        (Chapter is null || row.Case.Chapter == Chapter)
        && (Stage is null || row.Stages.Contains(Stage))
        && (Modality is null || row.Modalities.Contains(Modality))
        && (Agree switch { "all" => row.Models > 0 && row.Right == row.Models, "none" => row.Models > 0 && row.Right == 0, "split" => row.IsSplit, _ => true })
        && Array.TrueForAll(words, word => Has(row.Case.Title, word) || Has(row.Case.Id, word) || Has(row.Case.FileName, word) || Has(row.Case.Chapter, word) || Has(row.Case.Subcategory, word) || Has(row.Case.Scenario, word));

    private bool HasOutcome(ModelResults model, CaseFacts one)
    {
        if (!model.Covers[one.Index]) return false;
        if (Outcome == "right") return model.IsCaseCorrect(one);
        if (Outcome == "missed") return !model.IsCaseCorrect(one);
        for (var i = 0; i < one.Questions.Length; i++)
            if (string.Equals(model.Answers[one.FirstQuestion + i].Outcome.ToString(), Outcome, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static bool? IsRight(ResultView view, string model, CaseFacts one) => view.Set.FindModel(model) is { } found && found.Covers[one.Index] ? found.IsCaseCorrect(one) : null;

    private static bool Has(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}
