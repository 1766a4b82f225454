namespace LiveClin.AppHost.Services;

/// <summary>Requests to what runs on this machine: they never go through a proxy of the environment.</summary>
internal static class LoopbackHttp
{
    /// <summary>Gives up after 30 s.</summary>
    public static HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>True when the address answers with 2xx.</summary>
    public static async Task<bool> AnswersAsync(Uri address, CancellationToken cancellationToken) =>
        (await AskAsync(address, cancellationToken)).IsWell;

    /// <summary>Whether the address answers with 2xx, and the last line of what it says; null when it does not answer.</summary>
    public static async Task<(bool IsWell, string? Said)> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Client.GetAsync(address, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return (response.IsSuccessStatusCode, text.TrimEnd().Split('\n')[^1]);
        }
        catch (Exception e) when (e is HttpRequestException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (false, null);
        }
    }
}
