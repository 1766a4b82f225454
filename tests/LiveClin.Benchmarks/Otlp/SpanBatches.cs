using System.Globalization;
using Google.Protobuf;
using LiveClin.Hosting.Local.Otlp.Protocol;

namespace LiveClin.Benchmarks.Otlp;

/// <summary>Spans as a run makes them: a chat span with a dozen attributes and its HTTP call, in traces of ten.</summary>
internal static class SpanBatches
{
    public static byte[] Make(int batch, int size)
    {
        var spans = new ScopeSpans { Scope = new() { Name = "LiveClin.Evaluator" } };
        var now = (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        for (var i = 0; i < size; i++)
        {
            var number = (long)batch * size + i;
            var span = new Span
            {
                TraceId = ByteString.CopyFrom(Convert.FromHexString((number / 10 + 1).ToString("x32", CultureInfo.InvariantCulture))),
                SpanId = Id(number + 1),
                ParentSpanId = number % 10 == 0 ? ByteString.Empty : Id(number / 10 * 10 + 1),
                Name = i % 2 == 0 ? "chat Qwen2.5-VL-7B-Instruct" : "POST",
                Kind = 3,
                StartTimeUnixNano = now,
                EndTimeUnixNano = now + 1_000_000 * (ulong)(i + 1),
            };
            foreach (var (key, value) in Attributes(number)) span.Attributes.Add(new KeyValue { Key = key, Value = new() { StringValue = value } });
            spans.Spans.Add(span);
        }

        var resource = new Resource { Attributes = { new KeyValue { Key = "service.name", Value = new() { StringValue = "evaluator" } } } };
        return new ExportTraceServiceRequest { ResourceSpans = { new ResourceSpans { Resource = resource, ScopeSpans = { spans } } } }.ToByteArray();
    }

    private static ByteString Id(long number) => ByteString.CopyFrom(Convert.FromHexString(number.ToString("x16", CultureInfo.InvariantCulture)));

    private static IEnumerable<(string, string)> Attributes(long number)
    {
        yield return ("gen_ai.operation.name", "chat");
        yield return ("gen_ai.provider.name", "openai");
        yield return ("gen_ai.request.model", "Qwen2.5-VL-7B-Instruct");
        yield return ("gen_ai.response.model", "Qwen2.5-VL-7B-Instruct");
        yield return ("gen_ai.conversation.id", number.ToString("x32", CultureInfo.InvariantCulture));
        yield return ("gen_ai.response.id", "chatcmpl-" + number.ToString("x32", CultureInfo.InvariantCulture));
        yield return ("gen_ai.usage.input_tokens", (2000 + number % 3000).ToString(CultureInfo.InvariantCulture));
        yield return ("gen_ai.usage.output_tokens", (number % 500).ToString(CultureInfo.InvariantCulture));
        yield return ("server.address", "localhost");
        yield return ("server.port", "30000");
        yield return ("url.full", "http://localhost:30000/v1/chat/completions");
        yield return ("http.response.status_code", "200");
    }
}
