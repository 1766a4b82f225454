using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LiveClin.Evaluator.Models;

/// <summary>What a server says instead of a reply, in whichever of the known shapes.</summary>
/// <param name="Message">Its words, on one line; the beginning of the body where it has no shape that is known.</param>
/// <param name="Codes">Codes, types and states by which programs may tell it, as the server wrote them.</param>
/// <param name="Parameter">The body field that it is about, where it names one.</param>
/// <param name="HasReasons">True when it lists what a moderation found (OpenRouter's <c>metadata.reasons</c>).</param>
/// <param name="IsWebPage">True when it is a page for people.</param>
internal sealed record ServerError(string Message, IReadOnlyList<string> Codes, string? Parameter = null, bool HasReasons = false,
    bool IsWebPage = false)
{
    /// <summary>What a body is that was packed in another way than its headers say, or in one that nobody has asked for.</summary>
    public const string Compressed = "The server's reply is compressed in a way that cannot be read";

    private static readonly string[] CodeFields = ["code", "type", "status", "status_code", "statusCode", "reason", "quotaId",
        "__type"]; // AWS
    private static readonly string[] MessageFields = ["message", "msg", "status_msg", "detail", "error_msg"];

    // Gemini's RetryInfo: {"@type":…,"retryDelay":"34s"}
    private static readonly string[] WaitFields = ["retryDelay", "retry_after", "retryAfter"];
    private static readonly string[] Wrappers =
        ["error", "base_resp", "innererror", "provider_specific_fields", "details", "violations", "detail", "message", "errors",
        "external_model_error"]; // Databricks

    /// <summary>Reads a body.</summary>
    public static ServerError Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = ReplyJson.Parse(EventStream.FirstOf(body));
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            if (PackedReply.NameOf(body.Span) is { } name) return new ServerError($"{Compressed} ({name}).", []) { IsCompressed = true };
            var text = Encoding.UTF8.GetString(body.Span).TrimStart('\uFEFF', ' ', '\r', '\n', '\t');
            return new ServerError(ErrorText.Shorten(text), [], IsWebPage: text.StartsWith('<'));
        }
    }

    /// <summary>Its words and those of the errors in it, a gateway's around the provider's own; none where no field has them.</summary>
    public IReadOnlyList<string> Sentences { get; private init; } = [Message];

    /// <summary>True when it is compressed bytes, and no text.</summary>
    public bool IsCompressed { get; private init; }

    /// <summary>How long it asks to wait; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>The HTTP status of a failure among its codes, which a gateway has passed on with another one; null for none.</summary>
    public int? Status => Codes.Select(code => int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number : 0).Where(number => number is >= 400 and < 600).Select(number => (int?)number).FirstOrDefault();

    /// <summary>Reads an error object or text, or a whole body that holds one.</summary>
    public static ServerError Read(JsonElement element)
    {
        // Gemini's own address sends [{"error": …}].
        if (element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0) return Read(element[0]);
        var reader = new Reader();
        reader.Take(element, depth: 0);
        var message = reader.Message ?? (element.ValueKind == JsonValueKind.String ? element.GetString()! : element.GetRawText());
        if (reader.Behind is { Length: > 0 } behind && behind != message) message = $"{message}: {behind}";
        return new ServerError(ErrorText.Shorten(message), reader.Codes, reader.Parameter, reader.HasReasons)
        {
            RetryAfter = ServerWait.OfBody(reader.Wait, DateTimeOffset.UtcNow),
            Sentences = [.. reader.Sentences.Append(element.ValueKind == JsonValueKind.String ? message : "")
                .Where(words => words.Length > 0).Select(ErrorText.Shorten)],
        };
    }

    // Samples: {"error":{"message":…,"type":…,"code":…,"param":…}} · {"code":"permission","error":"…"} · {"detail":"…"}
    // · {"base_resp":{"status_code":1008,"status_msg":"…"}} · {"object":"error","message":…,"type":…}
    private sealed class Reader
    {
        private const int Deepest = 3, MostDetails = 8;

        public List<string> Sentences { get; } = [];

        public string? Message => Sentences.FirstOrDefault();

        // What the provider behind a gateway says; the gateway's own words ("Provider returned error") tell no cause.
        public string? Behind { get; private set; }

        public List<string> Codes { get; } = [];

        public string? Parameter { get; private set; }

        public bool HasReasons { get; private set; }

        public string? Wait { get; private set; }

        public void Take(JsonElement element, int depth)
        {
            if (element.ValueKind != JsonValueKind.Object || depth > Deepest) return;
            foreach (var wrapper in Wrappers)
            {
                if (!element.TryGetProperty(wrapper, out var inner)) continue;
                if (inner.ValueKind == JsonValueKind.String && wrapper == "error") TakeWords(inner.GetString()!, depth);
                // A list of details: each says something else.
                if (inner.ValueKind == JsonValueKind.Array)
                    foreach (var each in inner.EnumerateArray().Take(MostDetails)) Take(each, depth + 1);
                else Take(inner, depth + 1);
            }

            foreach (var field in MessageFields)
                if (element.TryGetProperty(field, out var said) && said.ValueKind == JsonValueKind.String)
                    TakeWords(said.GetString()!, depth);
            foreach (var field in CodeFields)
                if (element.TryGetProperty(field, out var code) && TextOf(code) is { Length: > 0 } text) Codes.Add(text);
            foreach (var field in WaitFields)
                if (element.TryGetProperty(field, out var wait))
                    Wait ??= wait.ValueKind == JsonValueKind.Number ? wait.GetRawText() : TextOf(wait);
            if (element.TryGetProperty("param", out var parameter) && parameter.ValueKind == JsonValueKind.String)
                Parameter ??= parameter.GetString();
            // Pydantic's form (Mistral, vLLM): {"type":"extra_forbidden","loc":["body","seed"],"msg":…}
            if (element.TryGetProperty("loc", out var location) && location.ValueKind == JsonValueKind.Array)
                Parameter ??= string.Join('.', location.EnumerateArray().Take(MostDetails).Select(TextOf));
            if (element.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object)
                TakeMetadata(metadata, depth);
        }

        // OpenRouter: what a moderation found, and the whole error of the provider behind it, as a text that holds its JSON.
        private void TakeMetadata(JsonElement metadata, int depth)
        {
            HasReasons |= metadata.TryGetProperty("reasons", out var reasons) && reasons.ValueKind == JsonValueKind.Array
                && reasons.GetArrayLength() > 0;
            if (ChatReply.TextOf(metadata, "raw") is not { } raw) return;
            var before = Sentences.Count;
            TakeJson(raw, depth);
            Behind ??= Sentences.ElementAtOrDefault(before) ?? raw;
        }

        // Other gateways put the provider's JSON into their message.
        private void TakeWords(string words, int depth)
        {
            Sentences.Add(words);
            TakeJson(words, depth);
        }

        private void TakeJson(string text, int depth)
        {
            if (depth > Deepest || !text.TrimStart().StartsWith('{')) return;
            try
            {
                using var document = ReplyJson.Parse(Encoding.UTF8.GetBytes(text));
                Take(document.RootElement, depth + 1);
            }
            catch (JsonException)
            {
                // Some cut it.
            }
        }

        private static string? TextOf(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.TryGetInt64(out var number) ? number.ToString(CultureInfo.InvariantCulture) : null,
            _ => null,
        };
    }
}
