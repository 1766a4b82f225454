namespace LiveClin.AppHost.Services;

/// <summary>Requests to what runs on this machine: they never go through a proxy of the environment.</summary>
internal static class LoopbackHttp
{
    /// <summary>Gives up after 30 s.</summary>
    public static HttpClient Client { get; } = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>True when the address answers with 2xx.</summary>
    public static async Task<bool> AnswersAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Client.GetAsync(address, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
