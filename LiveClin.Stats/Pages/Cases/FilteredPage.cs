using LiveClin.Stats.Pages.Shell;
using Microsoft.AspNetCore.Components;

namespace LiveClin.Stats.Pages.Cases;

/// <summary>A page whose address holds a <see cref="CaseFilter"/>: the list of cases, and a case reached from it.</summary>
public abstract class FilteredPage : ResultPage
{
    /// <summary>See <see cref="CaseFilter.Text"/>.</summary>
    [SupplyParameterFromQuery(Name = "text")]
    public string? Text { get; set; }

    /// <summary>See <see cref="CaseFilter.Chapter"/>.</summary>
    [SupplyParameterFromQuery(Name = "chapter")]
    public string? Chapter { get; set; }

    /// <summary>See <see cref="CaseFilter.Stage"/>.</summary>
    [SupplyParameterFromQuery(Name = "stage")]
    public string? Stage { get; set; }

    /// <summary>See <see cref="CaseFilter.Modality"/>.</summary>
    [SupplyParameterFromQuery(Name = "modality")]
    public string? Modality { get; set; }

    /// <summary>See <see cref="CaseFilter.Model"/>.</summary>
    [SupplyParameterFromQuery(Name = "model")]
    public string? Model { get; set; }

    /// <summary>See <see cref="CaseFilter.Outcome"/>.</summary>
    [SupplyParameterFromQuery(Name = "outcome")]
    public string? Outcome { get; set; }

    /// <summary>See <see cref="CaseFilter.Agree"/>.</summary>
    [SupplyParameterFromQuery(Name = "agree")]
    public string? Agree { get; set; }

    /// <summary>See <see cref="CaseFilter.RightBy"/>.</summary>
    [SupplyParameterFromQuery(Name = "right")]
    public string? RightBy { get; set; }

    /// <summary>See <see cref="CaseFilter.MissedBy"/>.</summary>
    [SupplyParameterFromQuery(Name = "missed")]
    public string? MissedBy { get; set; }

    /// <summary>See <see cref="CaseFilter.Sort"/>.</summary>
    [SupplyParameterFromQuery(Name = "sort")]
    public string? Sort { get; set; }

    /// <summary>The filter of the address.</summary>
    protected CaseFilter Filter => new()
    {
        Text = Given(Text), Chapter = Given(Chapter), Stage = Given(Stage), Modality = Given(Modality), Model = Given(Model),
        Outcome = Given(Outcome), Agree = Given(Agree), RightBy = Given(RightBy), MissedBy = Given(MissedBy), Sort = Given(Sort),
    };

    /// <summary>An address with a filter.</summary>
    protected string UrlOf(string path, CaseFilter filter, params (string Name, object? Value)[] more) =>
        Link.To(path, [("release", Release), .. filter.Query, .. more]);

    private static string? Given(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
