using System.Text;
using Google.Protobuf;
using Grpc.Core;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Plots;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.V1;

namespace LiveClin.Stats.Service;

/// <summary>A form in which a report is sent.</summary>
internal sealed record ReportExport(string ContentType, Func<Report, IEnumerable<ReportPlot>, byte[]> Write)
{
    private const int ChunkSize = 64 * 1024;

    // One of 30 models, beside what the set keeps anyway.
    private const long ReportSize = 16L << 20;

    /// <exception cref="RequestException">There is no such format.</exception>
    public static ReportExport Require(ReportFormat format) => format switch
    {
        ReportFormat.Html =>
            new ReportExport("text/html; charset=utf-8",
            (report, plots) => Encoding.UTF8.GetBytes(ReportFiles.Html(report, [.. ReportTables.Of(report)], [.. plots]))),
        ReportFormat.Markdown =>
            new ReportExport("text/markdown; charset=utf-8",
            (report, _) => Encoding.UTF8.GetBytes(ReportFiles.Markdown(report, ReportTables.Of(report), []))),
        ReportFormat.Csv => new ReportExport("text/csv; charset=utf-8", (report, _) => ReportCsv.Bytes(ReportTables.Of(report).First())),
        ReportFormat.Json => new ReportExport("application/json", (report, _) =>
        {
            using var stream = new MemoryStream();
            ReportJson.Write(stream, report);
            return stream.ToArray();
        }),
        _ => throw RequestException.Invalid("format", "format must be HTML, MARKDOWN, JSON or CSV."),
    };

    /// <summary>
    /// The whole file, made once for all who ask, of a report that all forms share; plots are drawn only for the forms that hold them.
    /// </summary>
    public async Task<byte[]> MakeAsync(
        SharedWork work, ResultSet set, ControlBoard controls, PriceTable prices, TimeProvider time, CancellationToken cancellationToken)
    {
        var what = $"report {ContentType} {controls.Version}";
        if (work.FindFile(set, what) is { } known) return known;
        var report = await work.BasisAsync(
            set, $"report {controls.Version}", () => Report.Of(set, prices, time.GetLocalNow(), controls), ReportSize, cancellationToken);
        return await work.FileAsync(
            set, what, () => Write(report, ResultPlots.ForReport(set, prices).Concat(ControlPlots.ForReport(controls))), isLong: true,
            cancellationToken);
    }

    public static async Task SendAsync(
        string contentType, byte[] bytes, IEnumerable<string> damaged, IServerStreamWriter<ExportReportResponse> stream,
        CancellationToken cancellationToken)
    {
        for (var from = 0; from < bytes.Length; from += ChunkSize)
        {
            var chunk = new ExportReportResponse { Data = ByteString.CopyFrom(bytes, from, Math.Min(ChunkSize, bytes.Length - from)) };
            if (from == 0)
            {
                chunk.MediaType = contentType;
                chunk.Damaged.AddRange(damaged);
            }

            await stream.WriteAsync(chunk, cancellationToken);
        }
    }
}
