using System.Globalization;
using System.Text;

namespace LiveClin.Stats.Reports;

/// <summary>
/// A report's table for LaTeX, in the manner of booktabs; <c>\input</c> it. A table that fits a page floats with its caption, a longer one
/// is a longtable that repeats its heading.
/// </summary>
internal static class LatexTable
{
    // About what a page holds in the footnote size.
    private const int RowsOfPage = 45;

    /// <summary>The table's source.</summary>
    public static string Text(ReportTable table)
    {
        var isLong = table.Rows.Length > RowsOfPage;
        var columns = string.Concat(table.Columns.Select((_, place) => IsNumeric(table, place) ? 'r' : 'l'));
        var caption = $"\\caption{{{LatexText.Inline(table.Title)}.{(table.Remark.Length > 0 ? " " + LatexText.Inline(table.Remark) : "")}}}\\label{{tab:liveclin-{table.Name}}}";
        var heading = Line(table.Columns.Select(column => column.Heading));
        var text = new StringBuilder($"% Needs \\usepackage{{booktabs}}{(isLong ? " and \\usepackage{longtable}" : "")}.\n");
        if (isLong)
            text.Append(CultureInfo.InvariantCulture,
                $"{{\\footnotesize\n\\begin{{longtable}}{{{columns}}}\n{caption}\\\\\n\\toprule\n{heading}\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n");
        else text.Append(CultureInfo.InvariantCulture,
            $"\\begin{{table}}[htbp]\n\\centering\\footnotesize\n{caption}\n\\begin{{tabular}}{{{columns}}}\n\\toprule\n{heading}\\midrule\n");
        foreach (var row in table.Rows) text.Append(Line(row.Select(cell => cell.Text)));
        return text.Append(isLong ? "\\end{longtable}\n}\n" : "\\bottomrule\n\\end{tabular}\n\\end{table}\n").ToString();
    }

    private static string Line(IEnumerable<string> cells) => string.Join(" & ", cells.Select(LatexText.Inline)) + " \\\\\n";

    private static bool IsNumeric(ReportTable table, int place) => table.Rows.Any(row => row[place].IsNumber)
        && table.Rows.All(row => row[place].Text.Length == 0 || (row[place].IsNumber && !char.IsLetter(row[place].Text[0])));
}
