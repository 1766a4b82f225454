using System.Text;
using LiveClin.Core.Bundles;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Plots;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Bundles;

/// <summary>The files of a bundle that are computed from its answers: the same answers give the same bytes.</summary>
internal static class BundleReport
{
    public const string JsonFile = BundleFiles.ReportFolder + "report.json";

    private const string HtmlFile = BundleFiles.ReportFolder + "report.html";
    private const string PlotFolder = BundleFiles.ReportFolder + "plots/";

    public static IReadOnlyList<BundleEntry> Of(OpenBundle bundle, CancellationToken cancellationToken)
    {
        var set = StoreSource.Load(bundle.Store, new RunSelection { RunIds = bundle.Manifest.Runs }, cancellationToken);
        // The clock is no part of the results: the report is of the moment at which the last run ended.
        var ended = bundle.Store.ListRuns().Max(run => run.FinishedAt ?? run.StartedAt);
        // Nothing can be asked into a bundle, and where its store lies meanwhile is no part of it.
        var controls = new ControlSource(bundle.Store, set, RecencyTable.Empty, canAsk: false).Board(cancellationToken);
        var report = Report.Of(set, PriceTable.Empty, ended, controls);
        var tables = ReportTables.Of(report).ToList();
        // Of plots the drawing is enough: no bitmaps, and nothing for print.
        List<ReportPlot> plots =
        [
            .. ResultPlots.DrawAll(set, PriceTable.Empty).Concat(ControlPlots.DrawAll(controls))
                .Select(drawn => new ReportPlot(drawn.Name, drawn.Plot.Title, drawn.Plot.ToSvg(), [], [])),
        ];
        using var json = new MemoryStream();
        ReportJson.Write(json, report);
        return
        [
            new BundleEntry(HtmlFile, Encoding.UTF8.GetBytes(ReportFiles.Html(report, tables, plots))),
            new BundleEntry(JsonFile, json.ToArray()),
            new BundleEntry(BundleFiles.ReportFolder + "report.md", Encoding.UTF8.GetBytes(ReportFiles.Markdown(report, tables, plots))),
            .. plots.Select(plot => new BundleEntry($"{PlotFolder}{plot.Name}.svg", Encoding.UTF8.GetBytes(plot.Svg))),
        ];
    }

    /// <summary>True for what is drawn: another kind of machine may place a line a hair elsewhere.</summary>
    public static bool IsDrawn(string name) => name == HtmlFile || name.StartsWith(PlotFolder, StringComparison.Ordinal);
}
