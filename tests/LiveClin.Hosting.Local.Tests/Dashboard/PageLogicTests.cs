using Aspire.Hosting.ApplicationModel;
using LiveClin.Hosting.Local.Dashboard.AppModel;
using LiveClin.Hosting.Local.Dashboard.ConsoleLogs;
using LiveClin.Hosting.Local.Dashboard.Metrics;
using LiveClin.Hosting.Local.Dashboard.Resources;
using LiveClin.Hosting.Local.Dashboard.Traces;
using LiveClin.Hosting.Local.Otlp.Store;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LiveClin.Hosting.Local.Tests.Dashboard;

/// <summary>The parts of pages that compute something.</summary>
public sealed class PageLogicTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\u001b[31mred\u001b[0m then", "red:fg-red| then")]
    [InlineData("\u001b[1;92mok\u001b[22m still\u001b[39m no", "ok:fg-bright-green ansi-bold| still:fg-bright-green| no")]
    [InlineData("\u001b[38;5;196mx\u001b[48;2;0;0;255my", "x:fg-red|y:fg-red bg-blue")]
    [InlineData("\u001b]0;title\u0007a\u001b]8;;http://x\u001b\\link\u001b[2K\u001b[10Gb", "alinkb")]
    [InlineData("cut\u001b[3", "cut")]
    [InlineData("bell\u0007 tab\tcr\r", "bell tab\tcr")]
    public void Ansi_sequences_become_classes(string line, string expected) =>
        Assert.Equal(expected, string.Join('|', AnsiText.Parse(line).Select(p => p.Css is null ? p.Text : $"{p.Text}:{p.Css}")));

    [Fact]
    public void The_time_in_front_of_a_line_is_taken_off()
    {
        var timed = new ConsoleEntry(new(1, "2026-01-31T12:34:56.1234567Z hello", false));
        Assert.Equal((new DateTime(2026, 1, 31, 12, 34, 56, DateTimeKind.Utc).AddTicks(1234567), "hello"), (timed.Time, timed.Parts[0].Text));
        var plain = new ConsoleEntry(new(2, "2026-01-31 is a date", false));
        Assert.Equal((null, "2026-01-31 is a date"), (plain.Time, plain.Parts[0].Text));
    }

    [Theory]
    [InlineData("By", 512.0, "By", 512.0)]
    [InlineData("By", 85_520_000_000.0, "GiB", 79.65)]
    [InlineData("By", 3e18, "TiB", 2_728_484.11)]
    [InlineData("s", 4096.0, "s", 4096.0)]
    public void Bytes_are_shown_in_a_readable_unit(string unit, double value, string shown, double expected)
    {
        var (readable, series) = ReadableUnit.Of(unit, [new([], null, [new(DateTime.UnixEpoch, value)])]);

        Assert.Equal((shown, expected), (readable, Math.Round(series[0].Points[0].Value, 2)));
    }

    [Fact]
    public void The_waterfall_nests_sorts_and_survives_orphans_duplicates_and_circles()
    {
        Span[] spans = [Make("a", null, 0, 10), Make("c", "b", 3, 1), Make("b", "a", 1, 5), Make("b", "a", 1, 5), Make("x", "gone", 4, 2), Make("y", "z", 5, 1), Make("z", "y", 6, 1)];
        var waterfall = new Waterfall(spans);

        Assert.Equal(["a/0", "b/1", "c/2", "x/0"], waterfall.Rows(new HashSet<string>()).Select(r => $"{r.Span.SpanId}/{r.Depth}"));
        Assert.Equal(["a", "b", "x"], waterfall.Rows(new HashSet<string> { "b" }).Select(r => r.Span.SpanId));
        Assert.Equal((10, 50), waterfall.Place(spans[2]));
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_spans_is_laid_out()
    {
        var spans = Enumerable.Range(0, 100_000).Select(i => Make("s" + i, i == 0 ? null : "s" + (i - 1), i, 1)).ToArray();
        Assert.Equal(99_999, new Waterfall(spans).Rows(new HashSet<string>())[^1].Depth);
    }

    [Fact]
    public void Percentiles_are_of_what_was_measured_between_points()
    {
        double[] bounds = [1, 2, 4];
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        MetricPoint Point(int second, params double[] buckets) => new(start.AddSeconds(second), 0, buckets.Sum(), buckets, bounds);
        // Until second 10 all are below 1; then ten between 2 and 4; then the sender starts anew.
        var series = new MetricSeries([], null, [Point(0, 0, 0, 0, 0), Point(10, 100, 0, 0, 0), Point(20, 100, 0, 10, 0), Point(30, 0, 4, 0, 0)]);

        Assert.Equal([0.5, 3, 1.5], SeriesMath.Percentile([series], 0.5).Select(p => p.Value));
        Assert.Equal([10, 1, 0.4], SeriesMath.Rate(series, p => p.Count).Select(p => p.Value));
    }

    [Fact]
    public void The_graph_puts_what_is_needed_to_the_left_even_in_a_circle()
    {
        static ResourceView R(string name, params string[] needs) => new() { Id = name, Name = name, Type = "T", Relations = [.. needs.Select(n => new RelationView(n, "Reference"))] };
        var layout = new GraphLayout([R("web", "api", "cache"), R("api", "db"), R("db"), R("cache"), R("loop1", "loop2"), R("loop2", "loop1"), R("odd", "missing", "odd")]);
        int X(string name) => layout.Nodes.Single(n => n.Resource.Name == name).X;

        Assert.True(X("db") < X("api") && X("api") < X("web") && X("cache") < X("web"));
        Assert.Equal(7, layout.Nodes.Select(n => (n.X, n.Y)).Distinct().Count());
        Assert.Equal(5, layout.Edges.Count);
    }

    [Theory]
    [InlineData("HF_TOKEN", "hf_abc", true)]
    [InlineData("YOUR_API_KEY", "sk-1", true)]
    [InlineData("openai-key", "sk-1", true)]
    [InlineData("DB_PASSWORD", "x", true)]
    [InlineData("ConnectionStrings__llm", "Endpoint=http://localhost:3;Key=sk-1", true)]
    [InlineData("OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=0123", true)]
    [InlineData("HTTP_PROXY", "http://me:secret@proxy:3128", true)]
    [InlineData("Value", "********", true)]
    [InlineData("services__sglang__http__0", "http://localhost:34143", false)]
    [InlineData("MAX_TOKENS", "8192", false)]
    [InlineData("KEYBOARD", "de", false)]
    [InlineData("PATH", "/usr/bin:/bin", false)]
    [InlineData("HF_TOKEN", "", false)]
    public void Secrets_are_recognised(string name, string value, bool expected) => Assert.Equal(expected, SecretNames.IsSecret(name, value));

    [Fact]
    public void A_snapshot_becomes_a_view_without_secrets()
    {
        var resource = new ParameterResource("openai-key", _ => "sk-1", secret: true);
        var view = SnapshotView.Of(new(resource, "openai-key", new CustomResourceSnapshot
        {
            ResourceType = "Parameter",
            Properties = [new("Value", "sk-1") { IsSensitive = true }, new(CustomResourceKnownProperties.Source, "settings"), new("List", new[] { "a", "b" })],
            State = new("evaluating 3/10", KnownResourceStateStyles.Info),
            EnvironmentVariables = [new("HF_TOKEN", "hf_abc", true), new("A", "1", true), new("INHERITED", "x", false)],
            Urls = [new("http", "http://localhost:1", false) { DisplayProperties = new("Web") }, new("old", "http://localhost:2", false) { IsInactive = true }],
        }));

        Assert.Equal(("evaluating 3/10", Tone.Info, "settings"), (view.State, view.Tone, view.Source));
        Assert.Equal([new ValueView("Value", "", true), new("List", "a, b", false)], view.Properties);
        Assert.Equal([new ValueView("A", "1", false), new("HF_TOKEN", "", true)], view.Environment);
        Assert.Equal([new UrlView("Web", "http://localhost:1", false)], view.Urls);
    }

    [Theory]
    [InlineData("Running", null, null, Tone.Good)]
    [InlineData("Exited", 137, null, Tone.Bad)]
    [InlineData("Exited", 0, null, Tone.Neutral)]
    [InlineData("FailedToStart", null, null, Tone.Bad)]
    [InlineData("Waiting", null, null, Tone.Busy)]
    [InlineData("anything", null, "warning", Tone.Warning)]
    public void States_have_a_colour(string state, int? exitCode, string? style, Tone expected)
    {
        var snapshot = new CustomResourceSnapshot { ResourceType = "T", Properties = [], State = new(state, style), ExitCode = exitCode };
        Assert.Equal(expected, SnapshotView.Of(new(new ParameterResource("p", _ => "", secret: false), "p", snapshot)).Tone);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{}")]
    [InlineData("[1,null,\"x\",[]]")]
    [InlineData("[{\"role\":5,\"parts\":{\"a\":1}}]")]
    [InlineData("[{\"role\":\"user\",\"parts\":[null,{\"type\":7},{\"type\":\"blob\",\"content\":\"***\"},{\"type\":\"uri\",\"uri\":\"data:;base64,\"}]}]")]
    public void Captured_messages_may_be_anything(string json)
    {
        var span = Make("a", null, 0, 1) with { Attributes = [new("gen_ai.input.messages", json)] };
        Assert.Empty(Conversation.Of(new TelemetryStore(new()), span).Images);
    }

    private static Span Make(string id, string? parent, int startMs, int durationMs) => new()
    {
        TraceId = "t",
        SpanId = id,
        ParentSpanId = parent,
        Name = id,
        Kind = SpanKind.Internal,
        Start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddMilliseconds(startMs),
        Duration = TimeSpan.FromMilliseconds(durationMs),
        Status = SpanStatus.Unset,
        StatusMessage = null,
        Resource = new("r", null, []),
        Scope = "",
        Attributes = [],
        Events = [],
        Links = [],
        DroppedItems = 0,
    };
}
