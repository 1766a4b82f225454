namespace LiveClin.Evaluator.Datasets;

/// <summary>Where the hub is and what is asked of it.</summary>
internal sealed record HubSettings
{
    /// <summary>Base address of the hub or of a mirror, without a trailing slash.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Access token, sent to <see cref="Endpoint"/> only; never shown.</summary>
    public string? Token { private get; init; }

    /// <summary>The dataset's repository.</summary>
    public string Repository { get; init; } = "AQ-MedAI/LiveClin";

    /// <summary>Branch, tag or commit.</summary>
    public string Revision { get; init; } = "main";

    /// <summary>Files fetched at the same time.</summary>
    public int Parallel { get; init; } = 8;

    /// <summary>How often the same request may fail, without any progress in between, before the download does.</summary>
    public int MaxFailures { get; init; } = 6;

    /// <summary>How long the hub may be silent.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Settings from HF_ENDPOINT and HF_TOKEN.</summary>
    /// <exception cref="HubException">HF_ENDPOINT is no address.</exception>
    public static HubSettings FromEnvironment(Func<string, string?> environment)
    {
        var address = environment("HF_ENDPOINT") is { Length: > 0 } given ? given : "https://huggingface.co";
        if (!Uri.TryCreate(address.TrimEnd('/'), UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https")
            || endpoint.UserInfo.Length > 0)
            throw new HubException("HF_ENDPOINT must be an http(s) address such as https://huggingface.co, without user name or password.",
                isSetup: true);
        return new HubSettings { Endpoint = endpoint, Token = environment("HF_TOKEN")?.Trim() is { Length: > 0 } token ? token : null };
    }

    /// <summary>True when there is a token.</summary>
    public bool HasToken => Token is not null;

    /// <summary>Adds the token to a request, if there is one and the request goes to the hub itself.</summary>
    public void Authorize(HttpRequestMessage request)
    {
        if (Token is null || !IsHub(request.RequestUri!)) return;
        if (!request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + Token))
            throw new HubException("HF_TOKEN is not a valid token.", isSetup: true);
    }

    private bool IsHub(Uri address) => address.Scheme == Endpoint.Scheme && address.Host == Endpoint.Host && address.Port == Endpoint.Port;

    // The record's own would print the token.
    public override string ToString() => $"{Endpoint} {Repository}@{Revision}";
}
