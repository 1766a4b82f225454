using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LiveClin.AppHost.Services;
using LiveClin.Evaluator.Models;

namespace LiveClin.AppHost.ModelServers;

/// <summary>Asks a server which models it has: GET /models below its base URL.</summary>
internal static class ModelList
{
    // Addresses beyond this machine may need the proxy of the environment.
    private static readonly HttpClient Proxied = new(new SocketsHttpHandler { Proxy = EnvironmentProxy.OfProcess })
    {
        Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Null when the server lists the model (or gives no list), else what is wrong.</summary>
    public static async Task<string?> FindAsync(IModelServer server, CancellationToken cancellationToken)
    {
        var address = ApiAddress.Below(server.BaseUrl, "models");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (server.Key is { } key && await key.GetValueAsync(cancellationToken) is { Length: > 0 } secret) Authorize(request, secret);
        try
        {
            using var response = await (address.IsLoopback ? LoopbackHttp.Client : Proxied).SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
                return $"{ApiAddress.Shown(address)} refused the API key (401).{(server.Key is null ? " Set ApiKey to the name of a secret parameter." : "")}";
            // Not every API has a list, and a key may be good for questions and not for lists; the questions themselves will tell.
            if (response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed) return null;
            if (!response.IsSuccessStatusCode) return $"{ApiAddress.Shown(address)} answered with status {(int)response.StatusCode}.";
            return Check(await response.Content.ReadAsStringAsync(cancellationToken), server.Model.ApiId, ApiAddress.Shown(address));
        }
        catch (Exception e) when (e is HttpRequestException or JsonException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"{ApiAddress.Shown(address)}: {(e is OperationCanceledException ? "no answer within 30 s" : e.Message)}{(server is ModelEndpointResource ? ". Is the server running, and Endpoint right?" : "")}";
        }
    }

    private static void Authorize(HttpRequestMessage request, string secret)
    {
        if (ApiAddress.IsAzure(request.RequestUri!)) request.Headers.Add("api-key", secret);
        else request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
    }

    // Sample: {"object":"list","data":[{"id":"Qwen2.5-VL-7B-Instruct","object":"model",…}]}
    private static string? Check(string body, string model, string address)
    {
        using var document = JsonDocument.Parse(body);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("data", out var data)
            || data.ValueKind != JsonValueKind.Array) return null;
        var ids = data.EnumerateArray().Where(d => d.ValueKind == JsonValueKind.Object && d.TryGetProperty("id", out _))
            .Select(d => d.GetProperty("id").ToString()).ToList();
        return ids.Count == 0 || ids.Contains(model)
            ? null : $"{address} does not list the model '{model}'; it has: {string.Join(", ", ids.Take(10))}. Set ApiId to one of these.";
    }
}
