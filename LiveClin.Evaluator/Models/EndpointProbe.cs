using System.Diagnostics;
using System.Text.Json;
using LiveClin.Core.Failures;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Models;

/// <summary>What a look at an endpoint's model list found.</summary>
/// <param name="Problem">Why no question should be sent; null when nothing speaks against it.</param>
/// <param name="Warning">Something to know, such as a model name that the server does not list.</param>
internal sealed record EndpointState(string? Problem, string? Warning)
{
    /// <summary>The model's entry in the list (JSON); null where there is none, or one of unusual length.</summary>
    public string? ModelInfo { get; init; }

    /// <summary>Why it is not known to have the model; null when it lists it.</summary>
    public string? Doubt { get; init; }

    /// <summary>True when nobody answers at the address: the problem may pass by itself.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>True when the server was too busy, or not ready, to say what it has: asked again, it may.</summary>
    public bool IsBusy { get; init; }
}

/// <summary>
/// Asks for <c>GET {base}/models</c> before a run: one request that generates nothing, so that a wrong address or key is said
/// in a second and not after every retry of every question.
/// </summary>
internal sealed class EndpointProbe(ModelClientFactory clients)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10), Patience = TimeSpan.FromSeconds(60),
        Pause = TimeSpan.FromSeconds(2);
    private const int Tries = 3;

    // Gemini lists models/gemini-2.5-pro, and takes the name with and without.
    private const string Folder = "models/";

    /// <summary>Looks once: whoever only wants to know of a wrong address or key is not kept waiting by a server that is busy.</summary>
    public Task<EndpointState> CheckAsync(ModelEndpoint endpoint, CancellationToken cancellationToken) =>
        CheckAsync(endpoint, Timeout, cancellationToken);

    /// <summary>Looks again, for a minute, until a server that was busy says what it has.</summary>
    public async Task<EndpointState> InsistAsync(ModelEndpoint endpoint, CancellationToken cancellationToken)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            var state = await CheckAsync(endpoint, Patience, cancellationToken).ConfigureAwait(false);
            if (!state.IsBusy || clock.Elapsed >= Patience) return state;
        }
    }

    private async Task<EndpointState> CheckAsync(ModelEndpoint endpoint, TimeSpan timeout, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AskAsync(endpoint, timeout, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (HttpFailures.IsFailure(error) && HttpFailures.KindOf(error) == HttpFailures.Unreachable)
            {
                if (attempt == Tries)
                {
                    var problem = $"Cannot reach {endpoint.SafeUrl}: {HttpFailures.Explain(error)}. Is the server running? {SettingWords.CheckAddress}";
                    return new EndpointState(problem, null) { IsUnreachable = true };
                }

                await Task.Delay(TimeSpan.FromMilliseconds(300 * attempt), cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (HttpFailures.IsFailure(error) && HttpFailures.KindOf(error) == HttpFailures.Proxy)
            {
                return new EndpointState($"Cannot reach {endpoint.SafeUrl}: {HttpFailures.Explain(error)}", null);
            }
            catch (Exception error) when (error is ModelCallException || HttpFailures.IsFailure(error)
                || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // The address answers in some way; the questions have retries of their own.
                return error is OperationCanceledException
                    ? Doubtful($"{endpoint.SafeUrl}/models did not answer within {timeout.TotalSeconds:0} s.") with { IsBusy = true }
                    : Doubtful($"{endpoint.SafeUrl}/models did not answer properly ({HttpFailures.Explain(error)}).");
            }
        }
    }

    /// <summary>
    /// True when the server knows the model although its list does not show it: <c>GET {base}/models/{model}</c> has it under its name,
    /// as with the built-in examinees, of which there are more than a list is good for.
    /// </summary>
    public async Task<bool> HasModelAsync(ModelEndpoint endpoint, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            var call = "models/" + string.Join('/', endpoint.ApiId.Split('/').Select(Uri.EscapeDataString));
            var reply = await clients.Connect(endpoint).SendAsync("GET", call, null, null, null, limit.Token).ConfigureAwait(false);
            return reply.IsSuccess && IsEntryOf(endpoint.ApiId, reply.Body);
        }
        catch (Exception error) when (error is ModelCallException || HttpFailures.IsFailure(error)
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private async Task<EndpointState> AskAsync(ModelEndpoint endpoint, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        var reply = await clients.Connect(endpoint).ListModelsAsync(limit.Token).ConfigureAwait(false);
        var redaction = new KeyRedaction(endpoint.ApiKey);
        if (reply is { Status: 403 or 407, Proxy: not null })
            return new EndpointState($"{endpoint.SafeUrl}: {redaction.Of(FailureRules.OfHttp(reply).Message)}", null);
        if (reply.Status == 401 || (reply.Status == 403 && ErrorCodes.IsWrongKey(ServerError.Read(reply.Body))))
            return new EndpointState($"{endpoint.SafeUrl} refuses the API key (HTTP {reply.Status}). {SettingWords.GiveKey}", null);
        // A key may be good for questions and not for lists ("Missing scopes: api.model.read").
        if (reply.Status == 403)
            return Doubtful($"{endpoint.SafeUrl} does not show this key its models ({redaction.Of(FailureRules.OfHttp(reply).Message)}).");
        // Not every server lists its models.
        if (!reply.IsSuccess)
            return Unlisted($"{endpoint.SafeUrl}/models answers HTTP {reply.Status}.") with { IsBusy = reply.Status is 429 or 503 };
        var models = ReadModels(reply.Body);
        if (models.Count == 0) return Unlisted($"{endpoint.SafeUrl}/models lists no model.");
        if (models.TryGetValue(endpoint.ApiId, out var entry) || models.TryGetValue(Folder + endpoint.ApiId, out entry))
        {
            var info = redaction.Of(entry);
            return new EndpointState(null, null) { ModelInfo = info.Length <= RunEnvironment.LongestModelInfo ? info : null };
        }

        var names = models.Keys.Take(5).Select(name => redaction.Of(ErrorText.Shorten(name)));
        return Doubtful(
            $"{endpoint.SafeUrl} does not list the model '{endpoint.ApiId}'; it has {string.Join(", ", names)}{(models.Count > 5 ? ", …" : "")}.");
    }

    private static EndpointState Doubtful(string warning) => new(null, warning) { Doubt = warning };

    // No warning: the questions will tell.
    private static EndpointState Unlisted(string why) => new(null, null) { Doubt = why };

    // Sample: {"id":"simulated/knows-61","object":"model","created":0,"owned_by":"liveclin"}
    private static bool IsEntryOf(string apiId, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return NameOf(document.RootElement) is { } name && (name == apiId || name == Folder + apiId);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string? NameOf(JsonElement model) => ChatReply.TextOf(model, "id");

    // Name → its entry as it stands in the list.
    private static Dictionary<string, string> ReadModels(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = ReplyJson.Parse(json);
            // Together sends the list itself.
            var data = document.RootElement;
            if (data.ValueKind == JsonValueKind.Object && !data.TryGetProperty("data", out data)) return [];
            if (data.ValueKind != JsonValueKind.Array) return [];
            return data.EnumerateArray().Select(model => (Name: NameOf(model), Entry: model)).Where(model => model.Name is not null)
                .DistinctBy(model => model.Name)
                .ToDictionary(model => model.Name!, model => model.Entry.GetRawText(), StringComparer.Ordinal);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return [];
        }
    }
}
