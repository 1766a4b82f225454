using System.Text.Json;
using LiveClin.AppHost.Services;

namespace LiveClin.AppHost.ModelServers;

/// <summary>Waits for the built-in examinees' server, and asks it whether it has an examinee.</summary>
internal sealed class BuiltInCheck(ServiceReadiness services)
{
    /// <summary>Null when it can be asked, else what is wrong.</summary>
    public async Task<string?> FindProblemAsync(BaselineModel examinee, CancellationToken cancellationToken)
    {
        if (await services.FindEndAsync(examinee.Name, cancellationToken) is { } ended) return ended.Words;
        try
        {
            using var response = await LoopbackHttp.Client.GetAsync(new Uri($"{examinee.BaseUrl}/models/{examinee.Model.ApiId}"),
                cancellationToken);
            return response.IsSuccessStatusCode ? null : Message(await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException e)
        {
            return $"{examinee.BaseUrl}: {e.Message}";
        }
    }

    // Sample: {"error":{"message":"The model 'simulated/cheats-60' does not exist. …","type":"invalid_request_error"}}
    private static string Message(string body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("error").GetProperty("message").GetString()!;
    }
}
