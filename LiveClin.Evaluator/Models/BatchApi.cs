using System.Buffers;
using System.ClientModel;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveClin.Evaluator.Models;

/// <summary>A batch as its API describes it.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Status">Its status in OpenAI's word, in small letters.</param>
/// <param name="Key">The key that this program gave it; null where it did not.</param>
internal sealed record BatchState(string Id, string Status, string? Key)
{
    /// <summary>The status of a batch that has come to its end.</summary>
    public const string Completed = "completed";

    /// <summary>The status of a batch whose time was over before it had come to its end.</summary>
    public const string Expired = "expired";

    /// <summary>The status of a batch that is refused as a whole.</summary>
    public const string Failed = "failed";

    /// <summary>The status of a batch that somebody has ended.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Its file of requests; null where the API does not say.</summary>
    public string? InputFileId { get; init; }

    /// <summary>File with the replies; null without one.</summary>
    public string? OutputFileId { get; init; }

    /// <summary>File with what failed; null without one.</summary>
    public string? ErrorFileId { get; init; }

    /// <summary>Requests that are done, of how many.</summary>
    public (int Done, int Total) Counts { get; init; }

    /// <summary>Code and words of the error that made the whole batch fail; null without one.</summary>
    public (string Code, string Message)? Error { get; init; }

    /// <summary>From its creation to its end; null before.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>True when it changes no more.</summary>
    public bool HasEnded => Status is Completed or Failed or Expired or Cancelled;

    /// <summary>
    /// True when requests are done, or nobody says how many, and no file of them is named yet: some APIs name it a moment after the batch's
    /// end.
    /// </summary>
    public bool LacksFiles =>
        Status == Completed && (Counts.Done > 0 || Counts.Total == 0) && OutputFileId is null && ErrorFileId is null;
}

/// <summary>
/// OpenAI's Batch API (<c>/files</c>, <c>/batches</c>), as other providers have copied it. Each call is one request; what does not succeed
/// is a <see cref="ModelCallException"/>, or what <see cref="HttpFailures.IsFailure"/> knows where no reply came.
/// </summary>
internal sealed class BatchApi(ModelConnection connection, long longestLine)
{
    /// <summary>The call that each line makes.</summary>
    public const string Call = "/v1/chat/completions";

    // Half the price is for whoever can wait so long; the API has no other window.
    private const string Window = "24h";
    private const string KeyField = "liveclin_batch";
    private const int PageSize = 100, MostPages = 20, LongestId = 200;

    /// <summary>Uploads a file of requests; returns its identifier.</summary>
    public async Task<string> UploadAsync(string file, CancellationToken cancellationToken)
    {
        using var content = new FileUpload(file);
        return IdOf(await SendAsync("POST", "files", content, content.ContentType, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Begins a batch.</summary>
    /// <param name="fileId">The file of requests.</param>
    /// <param name="key">By which <see cref="FindAsync"/> finds it.</param>
    /// <param name="runId">For people who look at the provider's list.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BatchState> CreateAsync(string fileId, string key, string runId, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["input_file_id"] = fileId, ["endpoint"] = Call, ["completion_window"] = Window,
            ["metadata"] = new JsonObject { [KeyField] = key, ["liveclin_run"] = runId },
        };
        using var content = BinaryContent.Create(BinaryData.FromString(body.ToJsonString()));
        return Read(await SendAsync("POST", "batches", content, "application/json", cancellationToken).ConfigureAwait(false));
    }

    /// <summary>A batch as it is now.</summary>
    public async Task<BatchState> GetAsync(string id, CancellationToken cancellationToken) =>
        Read(await SendAsync("GET", $"batches/{Uri.EscapeDataString(id)}", null, null, cancellationToken).ConfigureAwait(false));

    /// <summary>Asks to cancel a batch; what it has answered stays.</summary>
    public async Task CancelAsync(string id, CancellationToken cancellationToken) =>
        await SendAsync("POST", $"batches/{Uri.EscapeDataString(id)}/cancel", null, null, cancellationToken).ConfigureAwait(false);

    /// <summary>The batch with a key or of a file, among the newest 2,000; null when there is none.</summary>
    /// <param name="key">The key; not every API gives metadata back.</param>
    /// <param name="fileId">The file of requests; null where it is not known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<BatchState?> FindAsync(string key, string? fileId, CancellationToken cancellationToken)
    {
        string? after = null;
        for (var page = 0; page < MostPages; page++)
        {
            var query = $"limit={PageSize}{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}";
            var body = await SendAsync("GET", "batches", null, null, cancellationToken, query).ConfigureAwait(false);
            using var document = ReplyJson.Parse(body);
            if (!document.RootElement.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array) return null;
            var states = data.EnumerateArray().Select(Read).ToList();
            if (states.Find(state => state.Key == key || (fileId is not null && state.InputFileId == fileId)) is { } found) return found;
            var isMore = document.RootElement.TryGetProperty("has_more", out var more) && more.ValueKind == JsonValueKind.True;
            if (!isMore || states.Count == 0) return null;
            after = states[^1].Id;
        }

        return null;
    }

    /// <summary>Deletes a file. The caller goes on when that does not succeed.</summary>
    public async Task DeleteFileAsync(string id, CancellationToken cancellationToken) =>
        await SendAsync("DELETE", $"files/{Uri.EscapeDataString(id)}", null, null, cancellationToken).ConfigureAwait(false);

    /// <summary>The lines of a file as they come; one that is too long is left out.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync(
        string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var call = $"files/{Uri.EscapeDataString(id)}/content";
        using var response = await connection.OpenAsync(call, cancellationToken).ConfigureAwait(false);
        var reader = PipeReader.Create(response.ContentStream!);
        var isSkipping = false;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                if (!isSkipping && buffer.Slice(0, end).Length <= longestLine) yield return buffer.Slice(0, end).ToArray();
                isSkipping = false;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (read.IsCompleted)
            {
                if (!isSkipping && buffer.Length > 0 && buffer.Length <= longestLine) yield return buffer.ToArray();
                yield break;
            }

            if (buffer.Length > longestLine) (isSkipping, buffer) = (true, buffer.Slice(buffer.End));
            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private async Task<ReadOnlyMemory<byte>> SendAsync(
        string method, string call, BinaryContent? content, string? contentType, CancellationToken cancellationToken, string? query = null)
    {
        var reply = await connection.SendAsync(method, call, content, contentType, query, cancellationToken).ConfigureAwait(false);
        return reply.IsSuccess ? reply.Body : throw FailureRules.OfHttp(reply);
    }

    private static string IdOf(ReadOnlyMemory<byte> body)
    {
        using var document = ReplyJson.Parse(body);
        return Id(document.RootElement, "id") ?? throw new JsonException("it has no id.");
    }

    private static BatchState Read(ReadOnlyMemory<byte> body)
    {
        using var document = ReplyJson.Parse(body);
        return Read(document.RootElement);
    }

    // Sample: {"id":"batch_abc","status":"in_progress","output_file_id":null,"request_counts":{"total":100,"completed":95,"failed":5},
    // "created_at":1714508499,"completed_at":null,"errors":{"data":[{"code":"invalid_json_line","message":…}]},"metadata":{…}}
    private static BatchState Read(JsonElement batch)
    {
        if (batch.ValueKind != JsonValueKind.Object || Id(batch, "id") is not { } id) throw new JsonException("it is no batch.");
        var metadata = batch.TryGetProperty("metadata", out var own) ? own : default;
        var ended = Number(batch, "completed_at") ?? Number(batch, "expired_at") ?? Number(batch, "cancelled_at");
        return new BatchState(id, StatusOf(batch), ChatReply.TextOf(metadata, KeyField))
        {
            InputFileId = Id(batch, "input_file_id"),
            OutputFileId = Id(batch, "output_file_id"),
            ErrorFileId = Id(batch, "error_file_id"),
            Counts = batch.TryGetProperty("request_counts", out var counts)
                ? ((int)((Number(counts, "completed") ?? 0) + (Number(counts, "failed") ?? 0)), (int)(Number(counts, "total") ?? 0))
                : default,
            Error = ErrorOf(batch),
            Duration = ended - Number(batch, "created_at") is { } seconds and >= 0 ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    // Some write COMPLETED, and some canceled. A word that nobody knows is waited for.
    private static string StatusOf(JsonElement batch) => WithoutEnumeration(ChatReply.TextOf(batch, "status")?.ToLowerInvariant()) switch
    {
        null => "unknown",
        "canceled" or "stopped" or "aborted" or "terminated" => BatchState.Cancelled,
        "complete" or "succeeded" or "success" or "done" or "ended" or "finished" or "completed_with_errors" or "partially_completed"
            or "partiallycompleted" or "partially_succeeded" => BatchState.Completed,
        "error" or "errored" => BatchState.Failed,
        "timeout" or "timed_out" or "timeout_exceeded" => BatchState.Expired,
        var status => status,
    };

    // Google, Fireworks: JOB_STATE_SUCCEEDED, BATCH_STATE_SUCCEEDED
    private static string? WithoutEnumeration(string? status) =>
        status?.IndexOf("_state_", StringComparison.Ordinal) is > 0 and var at ? status[(at + "_state_".Length)..] : status;

    private static (string, string)? ErrorOf(JsonElement batch)
    {
        if (!batch.TryGetProperty("errors", out var errors) || errors.ValueKind != JsonValueKind.Object) return null;
        if (!errors.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array) return null;
        if (data.GetArrayLength() == 0) return null;
        var line = Number(data[0], "line") is { } at ? string.Create(CultureInfo.InvariantCulture, $" (line {at})") : "";
        var message = ChatReply.TextOf(data[0], "message") ?? data[0].GetRawText();
        return (ChatReply.TextOf(data[0], "code") ?? "", ErrorText.Shorten(message) + line);
    }

    // Goes into addresses and into the store.
    private static string? Id(JsonElement parent, string name) =>
        ChatReply.TextOf(parent, name) is { Length: > 0 and <= LongestId } id && id.All(IsOfId) ? id : null;

    private static bool IsOfId(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or ':' or '/';

    private static long? Number(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number)
            ? number
            : null;
}
