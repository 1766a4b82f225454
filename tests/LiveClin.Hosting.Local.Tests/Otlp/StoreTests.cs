using System.Text.Json;
using Google.Protobuf;
using LiveClin.Hosting.Local.Dashboard.Traces;
using LiveClin.Hosting.Local.Otlp.Protocol;
using LiveClin.Hosting.Local.Otlp.Receivers;
using LiveClin.Hosting.Local.Otlp.Store;

namespace LiveClin.Hosting.Local.Tests.Otlp;

/// <summary>The bounds of the store: how much is kept, what goes first, and that sums survive it.</summary>
public sealed class StoreTests
{
    private readonly TelemetryStore _store;
    private readonly OtlpReceiver _receiver;

    public StoreTests()
    {
        _store = new(new TelemetryLimits { MaxSpans = 100, MaxLogs = 100, MaxSeries = 20, MaxPointsPerSeries = 40, MaxTextLength = 100, MaxMessageLength = 20_000, MaxAttributes = 3, MaxResources = 2 });
        _receiver = new(_store, TimeProvider.System);
    }

    [Fact]
    public void The_oldest_spans_go_first_and_are_counted()
    {
        for (var i = 1; i <= 250; i++) _receiver.Receive(HttpReceiverTests.Request(HttpReceiverTests.Valid(i)));

        var counts = _store.Traces.Counts;
        Assert.Equal((100, 250, 150), (counts.Kept, counts.Accepted, counts.Dropped));
        Assert.Empty(_store.Traces.Get(150.ToString("x32", null)));
        Assert.Single(_store.Traces.Get(151.ToString("x32", null)));
        Assert.Equal(100, _store.Traces.Find(new(), 10).Total);
    }

    [Fact]
    public void A_trace_larger_than_the_limit_keeps_its_newest_spans()
    {
        for (var i = 1; i <= 250; i++)
        {
            var span = HttpReceiverTests.Valid(i, "s" + i);
            span.TraceId = HttpReceiverTests.Valid(7).TraceId;
            if (i % 2 == 0) span.Status = new() { Code = 2 };
            _receiver.Receive(HttpReceiverTests.Request(span));
        }

        var spans = _store.Traces.Get(7.ToString("x32", null));
        Assert.Equal((100, "s151", "s250"), (spans.Count, spans[0].Name, spans[^1].Name));
        var summary = Assert.Single(_store.Traces.Find(new(), 10).Items);
        Assert.Equal((100, 50), (summary.Spans, summary.Errors));
    }

    [Fact]
    public void Bytes_are_bounded_as_well()
    {
        var store = new TelemetryStore(new TelemetryLimits { MaxSpanBytes = 1 << 20 });
        var receiver = new OtlpReceiver(store, TimeProvider.System);
        for (var i = 1; i <= 500; i++)
        {
            var span = HttpReceiverTests.Valid(i);
            span.Attributes.Add(new KeyValue { Key = "text", Value = new() { StringValue = i.ToString(null, null) + new string('x', 10_000) } });
            receiver.Receive(HttpReceiverTests.Request(span));
        }

        Assert.InRange(store.Traces.Counts.Bytes, 1, 1 << 20);
        Assert.Equal(500, store.Traces.Counts.Kept + store.Traces.Counts.Dropped);
    }

    [Fact]
    public void Long_values_are_cut_and_say_so_and_surplus_attributes_are_counted()
    {
        var span = HttpReceiverTests.Valid(1);
        for (var i = 0; i < 5; i++) span.Attributes.Add(new KeyValue { Key = "k" + i, Value = new() { StringValue = new string('x', 99) + "😀" + new string('y', 1000) } });
        _receiver.Receive(HttpReceiverTests.Request(span));

        var kept = Assert.Single(_store.Traces.Get(1.ToString("x32", null)));
        Assert.Equal((3, 2), (kept.Attributes.Count, kept.DroppedItems));
        Assert.Equal(new string('x', 99) + "… [1,002 more characters not kept]", kept.Attributes[0].Value);
    }

    [Fact]
    public void A_conversation_beyond_the_limit_loses_its_images_and_stays_readable()
    {
        var messages = JsonSerializer.Serialize(new[] { new { role = "user", parts = new object[] { new { type = "text", content = "What is it?" }, new { type = "blob", mime_type = "image/png", content = new string('A', 100_000) } } } });
        var span = HttpReceiverTests.Valid(1);
        span.Attributes.Add(new KeyValue { Key = "gen_ai.input.messages", Value = new() { StringValue = messages } });
        _receiver.Receive(HttpReceiverTests.Request(span));

        var conversation = Conversation.Of(_store, Assert.Single(_store.Traces.Get(1.ToString("x32", null))));
        var message = Assert.Single(conversation.Messages);
        Assert.Equal("What is it?", message.Parts[0].Text);
        Assert.Equal((ChatPartKind.Image, (int?)null), (message.Parts[1].Kind, message.Parts[1].Image));
        Assert.Empty(conversation.Images);
    }

    [Fact]
    public void Senders_beyond_the_limit_are_refused()
    {
        for (var i = 0; i < 3; i++)
        {
            var request = HttpReceiverTests.Request(HttpReceiverTests.Valid(i + 1));
            request.ResourceSpans[0].Resource = new() { Attributes = { new KeyValue { Key = "service.name", Value = new() { StringValue = "s" + i } } } };
            Assert.Equal(i == 2 ? 1 : 0, _receiver.Receive(request).PartialSuccess?.RejectedSpans ?? 0);
        }

        Assert.Equal(["s0", "s1"], _store.ResourceNames);
    }

    [Theory]
    [InlineData(1)] // delta: each point is what was added
    [InlineData(2)] // cumulative: each point is the total
    public void A_thinned_series_covers_all_the_time_and_keeps_the_total(int temporality)
    {
        for (var i = 1; i <= 1000; i++)
        {
            var sum = new Sum { AggregationTemporality = temporality, IsMonotonic = true, DataPoints = { new NumberDataPoint { TimeUnixNano = (ulong)i * 1_000_000_000, AsInt = temporality == 1 ? 2 : 2 * i } } };
            _receiver.Receive(Metrics(new Metric { Name = "n", Sum = sum }));
        }

        var points = Assert.Single(_store.Metrics.Series(new("unknown_service", "", "n"), DateTime.MinValue)).Points;
        Assert.InRange(points.Count, 20, 40);
        Assert.Equal((2000, 2), (points[^1].Value, points[0].Value));
        Assert.Equal(1000, points.Count + _store.Metrics.Counts.Dropped);
    }

    [Fact]
    public void Series_beyond_the_limit_push_out_those_updated_longest_ago()
    {
        for (var i = 0; i < 50; i++)
        {
            var point = new NumberDataPoint { TimeUnixNano = 1_000_000_000, AsInt = i, Attributes = { new KeyValue { Key = "i", Value = new() { IntValue = i } } } };
            _receiver.Receive(Metrics(new Metric { Name = "g", Gauge = new() { DataPoints = { point } } }));
        }

        Assert.Equal(20, _store.Metrics.SeriesCount);
        Assert.Equal(Enumerable.Range(30, 20).Select(i => (double)i), _store.Metrics.Series(new("unknown_service", "", "g"), DateTime.MinValue).Select(s => s.Points[0].Value).Order());
    }

    [Fact]
    public void An_exponential_histogram_becomes_one_with_bounds()
    {
        var point = new ExponentialHistogramDataPoint { TimeUnixNano = 1_000_000_000, Count = 7, Sum = 20, Scale = 0, ZeroCount = 1, Positive = new() { Offset = 0, BucketCounts = { 3, 2, 1 } } };
        _receiver.Receive(Metrics(new Metric { Name = "h", ExponentialHistogram = new() { AggregationTemporality = 2, DataPoints = { point } } }));

        var kept = Assert.Single(_store.Metrics.Series(new("unknown_service", "", "h"), DateTime.MinValue)).Points[0];
        Assert.Equal((double[])[0, 1, 2, 4, 8], kept.Bounds);
        Assert.Equal((double[])[1, 0, 3, 2, 1, 0], kept.Buckets);
    }

    [Fact]
    public void A_histogram_whose_buckets_do_not_fit_its_bounds_is_refused()
    {
        var point = new HistogramDataPoint { Count = 1, BucketCounts = { 1, 0 }, ExplicitBounds = { 1, 2, 3 } };
        var response = _receiver.Receive(Metrics(new Metric { Name = "h", Histogram = new() { AggregationTemporality = 2, DataPoints = { point } } }));
        Assert.Equal(1, response.PartialSuccess.RejectedDataPoints);
    }

    private static ExportMetricsServiceRequest Metrics(Metric metric) => new() { ResourceMetrics = { new ResourceMetrics { ScopeMetrics = { new ScopeMetrics { Metrics = { metric } } } } } };
}
