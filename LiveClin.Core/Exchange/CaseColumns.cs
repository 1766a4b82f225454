using System.Collections.Immutable;
using LiveClin.Core.Cases;
using Column = LiveClin.Core.Tables.Column<LiveClin.Core.Exchange.CaseRow>;

namespace LiveClin.Core.Exchange;

/// <summary>A case of a release: a row of the cases table.</summary>
/// <param name="Release">The release.</param>
/// <param name="Case">The case.</param>
public sealed record CaseRow(Release Release, Case Case);

/// <summary>The columns of the cases table; <c>docs/exports.md</c> says what each means.</summary>
public static class CaseColumns
{
    /// <summary>All columns, in order.</summary>
    public static ImmutableArray<Column> All { get; } =
    [
        Column.Text("release", row => row.Release.Name),
        Column.Text("release_sha256", row => row.Release.Sha256),
        Column.Integer("case_ordinal", row => row.Case.Ordinal),
        Column.Text("case_id", row => row.Case.Id),
        Column.Text("pmc", row => row.Case.Pmc),
        Column.Text("pmid", row => row.Case.Pmid),
        Column.Text("doi", row => row.Case.Doi),
        Column.Text("title", row => row.Case.Title),
        Column.Text("chapter", row => row.Case.Chapter),
        Column.Text("subcategory", row => row.Case.Subcategory),
        Column.Text("icd10", row => row.Case.Icd10),
        Column.Text("rarity", row => row.Case.Rarity),
        Column.Integer("questions", row => row.Case.Questions.Length),
        Column.Text("keys", row => string.Concat(row.Case.Questions.Select(question => question.Key))),
        Column.Integer("figures", row => row.Case.Figures.Length + row.Case.Questions.Sum(question => question.Figures.Length)),
        Column.Integer("tables", row => row.Case.Tables.Length + row.Case.Questions.Sum(question => question.Tables.Length)),
        Column.Text("scenario", row => row.Case.Scenario.Length == 0 ? null : row.Case.Scenario),
    ];
}
