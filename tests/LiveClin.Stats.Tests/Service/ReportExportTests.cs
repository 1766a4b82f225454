using System.Text;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Cost;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Service;
using LiveClin.Stats.V1;

namespace LiveClin.Stats.Tests.Service;

/// <summary>Reports as files.</summary>
public sealed class ReportExportTests
{
    [Fact]
    public async Task All_forms_are_written_of_one_report()
    {
        using var work = new SharedWork();
        var set = SyntheticSets.Counts([2, 3], ("a", [1, 3]), ("b", [2, 0]));
        var time = new NextYear();
        foreach (var format in (ReportFormat[])[ReportFormat.Json, ReportFormat.Html, ReportFormat.Markdown])
        {
            var file = await ReportExport.Require(format).MakeAsync(
                work, set, new ControlBoard([]), PriceTable.Empty, time, TestContext.Current.CancellationToken);
            Assert.Contains("2031", Encoding.UTF8.GetString(file), StringComparison.Ordinal);
        }
    }

    // Another year at each look.
    private sealed class NextYear : TimeProvider
    {
        private int _year = 2030;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Increment(ref _year), 7, 1, 0, 0, 0, TimeSpan.Zero);
    }
}
