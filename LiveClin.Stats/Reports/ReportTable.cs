using System.Collections.Immutable;
using System.Text;

namespace LiveClin.Stats.Reports;

/// <summary>A column's heading for people and its name for machines.</summary>
/// <param name="Heading">The heading.</param>
/// <param name="Name">The name, in snake_case.</param>
public sealed record ReportColumn(string Heading, string Name)
{
    private const string IntervalOf = "95 % of ";

    /// <summary>A heading whose words make the name: <c>95 % of case difference</c> is the interval of <c>case_difference</c>.</summary>
    public static implicit operator ReportColumn(string heading)
    {
        ArgumentNullException.ThrowIfNull(heading);
        var words = heading.StartsWith(IntervalOf, StringComparison.Ordinal) ? heading[IntervalOf.Length..] : heading;
        var name = new StringBuilder(words.Length);
        foreach (var c in words.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c)) name.Append(c);
            else if (name.Length > 0 && name[^1] != '_') name.Append('_');
        }

        return new ReportColumn(heading, name.ToString().Trim('_'));
    }

    /// <summary>A heading that has another name.</summary>
    public static implicit operator ReportColumn((string Heading, string Name) given) => new(given.Heading, given.Name);
}

/// <summary>A table of a report; HTML, Markdown, LaTeX and CSV write the same ones.</summary>
/// <param name="Name">File name without ending.</param>
/// <param name="Title">Heading.</param>
/// <param name="Remark">What the reader must know of it; empty for none.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Rows">The rows.</param>
public sealed record ReportTable(string Name, string Title, string Remark, ImmutableArray<ReportColumn> Columns,
    ImmutableArray<ImmutableArray<ReportCell>> Rows);
