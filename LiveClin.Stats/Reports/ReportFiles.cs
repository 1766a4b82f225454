using System.Globalization;
using System.Text;
using LiveClin.Core.Formats;
using LiveClin.Core.Text;

namespace LiveClin.Stats.Reports;

/// <summary>A plot of a report.</summary>
/// <param name="Name">File name without ending.</param>
/// <param name="Title">What it shows.</param>
/// <param name="Svg">The drawing.</param>
/// <param name="Png">The same as a bitmap.</param>
/// <param name="Pdf">The same for print.</param>
public sealed record ReportPlot(string Name, string Title, string Svg, byte[] Png, byte[] Pdf);

/// <summary>
/// Writes a report: <c>report.html</c> (self-contained), <c>report.md</c>, <c>report.json</c>, <c>tables/*.csv</c> and <c>*.tex</c>,
/// <c>plots/*</c>.
/// </summary>
public static class ReportFiles
{
    /// <summary>Writes all files; returns their paths.</summary>
    /// <param name="report">The report.</param>
    /// <param name="plots">Its plots.</param>
    /// <param name="folder">Where to write; created when absent.</param>
    /// <param name="forSpreadsheet">Whether the CSV tables are for spreadsheets.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static IReadOnlyList<string> Write(Report report, IReadOnlyList<ReportPlot> plots, string folder, bool forSpreadsheet = false)
    {
        var tables = ReportTables.Of(report).ToList();
        var written = new List<string>();
        Put("report.html", stream => Write(stream, Html(report, tables, plots)));
        Put("report.md", stream => Write(stream, Markdown(report, tables, plots)));
        Put("report.json", stream => ReportJson.Write(stream, report));
        foreach (var table in tables)
        {
            Put(Path.Combine("tables", table.Name + ".csv"), stream => stream.Write(ReportCsv.Bytes(table, forSpreadsheet)));
            Put(Path.Combine("tables", table.Name + ".tex"), stream => Write(stream, LatexTable.Text(table)));
        }

        foreach (var plot in plots)
        {
            Put(Path.Combine("plots", plot.Name + ".svg"), stream => Write(stream, plot.Svg));
            Put(Path.Combine("plots", plot.Name + ".png"), stream => stream.Write(plot.Png));
            Put(Path.Combine("plots", plot.Name + ".pdf"), stream => stream.Write(plot.Pdf));
        }

        return written;

        void Put(string name, Action<Stream> write)
        {
            AtomicFile.Write(Path.Combine(folder, name), write);
            written.Add(Path.Combine(folder, name));
        }
    }

    /// <summary>The report as Markdown.</summary>
    public static string Markdown(Report report, IEnumerable<ReportTable> tables, IReadOnlyList<ReportPlot> plots)
    {
        var text = new StringBuilder($"# LiveClin results on {MarkdownText.Inline(report.Release)}\n\n{Head(report)}\n");
        foreach (var note in report.Notes) text.Append(CultureInfo.InvariantCulture, $"\n- {MarkdownText.Inline(note)}");
        foreach (var (table, own) in ReportLayout.Sections(tables, plots))
        {
            if (table is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n\n## {table.Title}\n\n{ShownText.Line(table.Remark)}\n\n");
                Line(table.Columns.Select(column => column.Heading));
                text.Append("| ").AppendJoin(" | ", table.Columns.Select(_ => "---")).Append(" |\n");
                foreach (var row in table.Rows) Line(row.Select(cell => cell.Text));
            }

            foreach (var plot in own)
                text.Append(CultureInfo.InvariantCulture, $"\n\n![{MarkdownText.Inline(plot.Title)}](plots/{plot.Name}.svg)");
        }

        return text.Append('\n').ToString();

        void Line(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells.Select(MarkdownText.Inline)).Append(" |\n");
    }

    /// <summary>The report as one HTML file that needs nothing else and runs nothing.</summary>
    public static string Html(Report report, IReadOnlyList<ReportTable> tables, IReadOnlyList<ReportPlot> plots)
    {
        var text = new StringBuilder(
            $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <title>LiveClin results on {Text(report.Release)}</title>
            <style>{Style}</style></head><body>
            <h1>LiveClin results on {Text(report.Release)}</h1><p>{Text(Head(report))}</p>

            """);
        if (report.Notes.Length > 0)
            text.Append("<ul class=\"notes\">").AppendJoin("", report.Notes.Select(note => $"<li>{Text(note)}</li>")).Append("</ul>\n");
        text.Append("<nav><ul>").AppendJoin("", tables.Select(t => $"<li><a href=\"#{t.Name}\">{Text(t.Title)}</a></li>"))
            .Append("</ul></nav>\n");
        foreach (var (table, own) in ReportLayout.Sections(tables, plots))
        {
            text.Append(table is null
                ? "<section>" : $"<section id=\"{table.Name}\"><h2>{Text(table.Title)}</h2><p>{Text(table.Remark)}</p>\n");
            if (table is not null) Append(text, table);
            foreach (var plot in own)
                text.Append($"<figure><img loading=\"lazy\" alt=\"{Text(plot.Title)}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(plot.Svg))}\"><figcaption>{Text(plot.Title)}</figcaption></figure>\n");
            text.Append("</section>\n");
        }

        return text.Append("</body></html>\n").ToString();
    }

    // Long tables are folded away, so that the page opens at its conclusions.
    private static void Append(StringBuilder text, ReportTable table)
    {
        text.Append($"<details{(table.Rows.Length <= 60 ? " open" : "")}><summary>{table.Rows.Length} rows</summary><div class=\"scroll\" tabindex=\"0\"><table><thead><tr>")
            .AppendJoin("", table.Columns.Select(c => $"<th scope=\"col\">{Text(c.Heading)}</th>")).Append("</tr></thead><tbody>\n");
        foreach (var row in table.Rows)
            text.Append("<tr>").AppendJoin("",
                row.Select(c => $"<td{(c.Text.Length > LongText ? " class=\"long\"" : "")}>{Text(c.Text)}</td>")).Append("</tr>\n");
        text.Append("</tbody></table></div></details>\n");
    }

    // Sentences and commands: in a column of a number's width they would make rows of half a page.
    private const int LongText = 60;

    private const string Style =
        "body{font:16px/1.55 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1.25rem;color:#1f2933;background:#fff}"
        + "h1{font-size:1.9rem;margin-bottom:.25rem}h2{font-size:1.3rem;margin-top:3rem;border-top:1px solid #d5dbe1;padding-top:1.5rem}"
        + "nav ul{display:flex;flex-wrap:wrap;gap:.5rem;list-style:none;padding:0}nav a{display:block;padding:.25rem .75rem;border:1px solid #d5dbe1;border-radius:1rem;text-decoration:none}"
        + "a{color:#0f6f66}table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}th,td{padding:.35rem .7rem;border-bottom:1px solid #e3e8ed;text-align:left;vertical-align:top}"
        + "th{border-bottom:2px solid #8a97a5}.long{min-width:24rem}summary{cursor:pointer;color:#52606d;margin:.5rem 0}.scroll{overflow-x:auto}.notes{background:#fff4d6;border-radius:.5rem;padding:1rem 2rem}"
        + "figure{margin:1.5rem 0}figcaption{color:#52606d;font-size:.9rem}img{max-width:100%;background:#fff;border-radius:.5rem}"
        + "@media(prefers-color-scheme:dark){body{color:#e4e8ec;background:#14181d}h2,nav a,th,td{border-color:#39424c}.notes{background:#3a3214}a{color:#5fd3c4}figcaption,summary{color:#9fb0c0}}"
        + "@media print{nav,summary{display:none}section{break-inside:avoid-page}}";

    private static string Head(Report report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Models.Length} {(report.Models.Length == 1 ? "model" : "models")}, {report.Cases} cases, {report.Questions} questions; "
        + $"written {report.GeneratedAt:yyyy-MM-dd HH:mm} (UTC{report.GeneratedAt:zzz}).");

    private static string Text(string text) => HtmlText.Encode(text);

    private static void Write(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));
}
