using FsCheck;
using FsCheck.Fluent;
using LiveClin.AppHost.Telemetry;

namespace LiveClin.AppHost.Tests.Telemetry;

/// <summary>Prometheus' text, of which every byte comes from another program.</summary>
public class PrometheusTextTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddSeconds(10);
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddSeconds(20);

    // The same values at every run: what a search finds is not to be found on somebody else's day.
    private static readonly Config Same = Config.QuickThrowOnFailure.WithReplay(20261130, 11);

    // As SGLang writes it (Python's client library).
    private const string Sample = """
        # HELP sglang:num_running_reqs The number of running requests.
        # TYPE sglang:num_running_reqs gauge
        sglang:num_running_reqs{engine_type="unified",model_name="qwen",tp_rank="0"} 3.0
        # HELP sglang:prompt_tokens_total Number of prefill tokens\nprocessed, with \\.
        # TYPE sglang:prompt_tokens_total counter
        sglang:prompt_tokens_total{model_name="a\"b\\c\nd"} 1.234e+06
        sglang:prompt_tokens_created{model_name="q"} 1.7e+09
        # TYPE sglang:e2e_request_latency_seconds histogram
        sglang:e2e_request_latency_seconds_bucket{le="1.0",model_name="qwen"} 2.0
        sglang:e2e_request_latency_seconds_bucket{le="0.5",model_name="qwen"} 1.0
        sglang:e2e_request_latency_seconds_bucket{le="+Inf",model_name="qwen"} 7.0
        sglang:e2e_request_latency_seconds_sum{model_name="qwen"} 33.5
        sglang:e2e_request_latency_seconds_count{model_name="qwen"} 7.0
        # TYPE gc_seconds summary
        gc_seconds{quantile="0.5"} 0.25 1395066363000
        gc_seconds_sum 1.5
        gc_seconds_count 4
        untold 5
        not_a_number NaN
        """;

    [Fact]
    public void Every_kind_becomes_its_own()
    {
        var metrics = PrometheusMetrics.Convert(PrometheusText.Parse(Sample), Start, Now).ToDictionary(m => m.Name);

        Assert.Equal(["gc_seconds", "sglang:e2e_request_latency_seconds", "sglang:num_running_reqs", "sglang:prompt_tokens_total",
            "untold"], metrics.Keys.Order(StringComparer.Ordinal));
        var running = metrics["sglang:num_running_reqs"].Gauge.DataPoints.Single();
        Assert.Equal((3.0, 20_000_000_000UL), (running.AsDouble, running.TimeUnixNano));
        Assert.Equal(["engine_type=unified", "model_name=qwen", "tp_rank=0"],
            running.Attributes.Select(a => $"{a.Key}={a.Value.StringValue}"));

        var tokens = metrics["sglang:prompt_tokens_total"];
        Assert.Equal("Number of prefill tokens\nprocessed, with \\.", tokens.Description);
        Assert.Equal((true, 2), (tokens.Sum.IsMonotonic, tokens.Sum.AggregationTemporality));
        Assert.Equal((1_234_000.0, 10_000_000_000UL, "a\"b\\c\nd"),
            (tokens.Sum.DataPoints.Single().AsDouble, tokens.Sum.DataPoints.Single().StartTimeUnixNano,
            tokens.Sum.DataPoints.Single().Attributes.Single().Value.StringValue));

        var latency = metrics["sglang:e2e_request_latency_seconds"];
        Assert.Equal("s", latency.Unit);
        var point = latency.Histogram.DataPoints.Single();
        Assert.Equal([0.5, 1.0], point.ExplicitBounds);
        Assert.Equal([1UL, 1UL, 5UL], point.BucketCounts);
        Assert.Equal((7UL, 33.5), (point.Count, point.Sum));

        var pauses = metrics["gc_seconds"].Summary.DataPoints.Single();
        Assert.Equal((4UL, 1.5, 0.5, 0.25),
            (pauses.Count, pauses.Sum, pauses.QuantileValues.Single().Quantile, pauses.QuantileValues.Single().Value));
        Assert.Equal(5, metrics["untold"].Gauge.DataPoints.Single().AsDouble);
    }

    [Theory]
    [InlineData("a{b=\"c} 1")]
    [InlineData("a{b=c} 1")]
    [InlineData("a{b=\"c\" 1")]
    [InlineData("{\"a\"} 1")]
    [InlineData("a one")]
    [InlineData("a")]
    [InlineData("a{")]
    [InlineData("# TYPE a")]
    [InlineData("# TYPE h histogram\nh_bucket{le=\"1\"} 1")]
    [InlineData("# TYPE h histogram\nh_sum 1")]
    public void Lines_that_cannot_be_read_are_left_out_and_the_rest_is_not(string line) =>
        Assert.Equal(["rest"], PrometheusMetrics.Convert(PrometheusText.Parse(line + "\nrest 1\n"), Start, Now).Select(m => m.Name));

    [Fact]
    public void Buckets_that_fall_are_no_negative_counts()
    {
        var metric = PrometheusMetrics.Convert(
            PrometheusText.Parse("# TYPE h histogram\nh_bucket{le=\"1\"} 5\nh_bucket{le=\"2\"} 3\nh_bucket{le=\"+Inf\"} -1\n"), Start, Now)
            .Single();

        Assert.Equal([5UL, 0UL, 0UL], metric.Histogram.DataPoints.Single().BucketCounts);
    }

    [Fact]
    public void More_than_the_limit_is_not_read() =>
        Assert.Equal(PrometheusText.MaximumSamples,
            PrometheusText.Parse(string.Concat(Enumerable.Range(0, PrometheusText.MaximumSamples + 10).Select(i => $"a{{b=\"{i}\"}} 1\n")))
            .Sum(f => f.Samples.Count));

    [Fact]
    public void Label_values_survive_whatever_they_are() => Prop.ForAll<NonNull<string>>(text =>
    {
        var escaped = text.Get.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return PrometheusText.Parse($"a{{b=\"{escaped}\"}} 1").Single().Samples.Single().Label("b") == text.Get;
    }).Check(Same);

    // Pieces of the grammar in any order hit its corners; nothing of it may throw.
    [Fact]
    public void Nothing_of_another_program_throws()
    {
        string[] pieces = ["# TYPE ", "# HELP ", "h", "_bucket", "_sum", "_count", "_total", "_created", " histogram", " summary",
            " counter", " gauge", "{", "}", "le=", "quantile=", "\"", "\\", ",", "=", " ", "\n", "1", "-1", "1e999", "+Inf", "NaN", "\0",
            "é"];
        Prop.ForAll(Gen.ListOf(Gen.Elements(pieces)).ToArbitrary(), parts =>
        {
            var metrics = PrometheusMetrics.Convert(PrometheusText.Parse(string.Concat(parts)), Start, Now).ToList();
            return metrics.All(m => m.CalculateSize() > 0
                && (m.Histogram?.DataPoints.All(p => p.BucketCounts.Count == p.ExplicitBounds.Count + 1) ?? true));
        }).Check(Same.WithMaxTest(3000));
    }
}
