using System.Globalization;
using System.Text;

namespace LiveClin.AppHost.Telemetry;

/// <summary>One measured value.</summary>
/// <param name="Name">Name of its line; a histogram's parts have endings (<c>_bucket</c>, <c>_sum</c>, <c>_count</c>).</param>
/// <param name="Labels">In the order of the text.</param>
/// <param name="Value">May be NaN or infinite.</param>
internal sealed record PrometheusSample(string Name, IReadOnlyList<KeyValuePair<string, string>> Labels, double Value)
{
    /// <summary>A label's value, or null.</summary>
    public string? Label(string name) => Labels.FirstOrDefault(l => l.Key == name).Value;
}

/// <summary>What is measured under one name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c>, <c>histogram</c>, <c>summary</c>, or <c>untyped</c>.</param>
/// <param name="Help">What it is, or empty.</param>
/// <param name="Samples">Its values.</param>
internal sealed record PrometheusFamily(string Name, string Type, string Help, IReadOnlyList<PrometheusSample> Samples);

/// <summary>
/// Reads Prometheus' text format 0.0.4, and of OpenMetrics what it shares with it. The text comes from another program: a line
/// that cannot be read is left out, and beyond the limit nothing more is read.
/// </summary>
internal static class PrometheusText
{
    /// <summary>Most samples that are read.</summary>
    public const int MaximumSamples = 20_000;

    private static readonly string[] Endings = ["_bucket", "_sum", "_count", "_total", "_created"];

    /// <summary>The families in the order of the text.</summary>
    // Sample: # TYPE sglang:e2e_request_latency_seconds histogram
    //         sglang:e2e_request_latency_seconds_bucket{le="0.1",model_name="qwen"} 3.0
    public static IReadOnlyList<PrometheusFamily> Parse(string text)
    {
        var (types, helps) = (new Dictionary<string, string>(), new Dictionary<string, string>());
        var samples = new Dictionary<string, List<PrometheusSample>>();
        var count = 0;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan(range).Trim();
            if (line.StartsWith("# TYPE ")) Describe(line[7..], types);
            else if (line.StartsWith("# HELP ")) Describe(line[7..], helps);
            else if (line.Length > 0 && line[0] != '#' && count < MaximumSamples && Sample(line) is { } sample)
            {
                count++;
                var family = Family(sample.Name, types);
                if (samples.TryGetValue(family, out var known)) known.Add(sample);
                else samples[family] = [sample];
            }
        }

        return [.. samples.Select(s =>
            new PrometheusFamily(s.Key, types.GetValueOrDefault(s.Key, "untyped"), Unescape(helps.GetValueOrDefault(s.Key, "")), s.Value))];
    }

    private static void Describe(ReadOnlySpan<char> line, Dictionary<string, string> into)
    {
        var space = line.IndexOf(' ');
        if (space > 0) into[line[..space].ToString()] = line[(space + 1)..].Trim().ToString();
    }

    // The parts of a histogram or a summary, and what OpenMetrics puts behind a counter's name, belong to the name before the ending.
    private static string Family(string name, Dictionary<string, string> types)
    {
        if (types.ContainsKey(name)) return name;
        foreach (var ending in Endings)
        {
            if (!name.EndsWith(ending, StringComparison.Ordinal) || !types.TryGetValue(name[..^ending.Length], out var type)) continue;
            if (type is "histogram" or "summary" or "counter") return name[..^ending.Length];
        }

        return name;
    }

    private static PrometheusSample? Sample(ReadOnlySpan<char> line)
    {
        var end = line.IndexOfAny('{', ' ', '\t');
        if (end <= 0) return null;
        var labels = new List<KeyValuePair<string, string>>();
        var rest = line[end..];
        if (rest[0] == '{' && !Labels(ref rest, labels)) return null;
        // After the value there may be a time, which is that of the reading for those who ask now.
        rest = rest.TrimStart();
        var space = rest.IndexOfAny(' ', '\t');
        return Number(space < 0 ? rest : rest[..space]) is { } value ? new PrometheusSample(line[..end].ToString(), labels, value) : null;
    }

    private static bool Labels(ref ReadOnlySpan<char> rest, List<KeyValuePair<string, string>> labels)
    {
        rest = rest[1..].TrimStart();
        while (rest.Length > 0 && rest[0] != '}')
        {
            var equals = rest.IndexOf('=');
            if (equals <= 0) return false;
            var name = rest[..equals].Trim().ToString();
            rest = rest[(equals + 1)..].TrimStart();
            if (Quoted(ref rest) is not { } value) return false;
            labels.Add(new(name, value));
            rest = rest.TrimStart();
            if (rest.Length > 0 && rest[0] == ',') rest = rest[1..].TrimStart();
        }

        if (rest.Length == 0) return false;
        rest = rest[1..];
        return true;
    }

    private static string? Quoted(ref ReadOnlySpan<char> rest)
    {
        if (rest.Length == 0 || rest[0] != '"') return null;
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '\\') i++;
            else if (rest[i] == '"')
            {
                var value = Unescape(rest[1..i].ToString());
                rest = rest[(i + 1)..];
                return value;
            }
        }

        return null;
    }

    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length) plain.Append(text[i]);
            else plain.Append(text[++i] == 'n' ? '\n' : text[i]);
        }

        return plain.ToString();
    }

    private static double? Number(ReadOnlySpan<char> text) => text switch
    {
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null,
    };
}
