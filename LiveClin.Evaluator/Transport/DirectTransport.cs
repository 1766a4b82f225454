using System.Text;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Transport;

/// <summary>
/// Straight over sockets, for plain HTTP without a proxy: the usual way to a model server on this machine or in this cluster.
/// A body's segments go to the kernel as they are, all in one call; over <see cref="HttpClient"/> and the SDK a run takes half as much
/// processor time again, and a client that shares the machine with the model should not need it.
/// </summary>
internal sealed class DirectTransport : IModelTransport
{
    // Servers close idle connections too; most do so later.
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(60);

    private readonly string _host;
    private readonly int _port;
    private readonly string _chatHead;
    private readonly byte[] _listModels;
    private readonly Stack<DirectConnection> _idle = new();
    private bool _disposed;

    public DirectTransport(ModelEndpoint endpoint)
    {
        var url = endpoint.BaseUrl;
        (_host, _port) = (url.DnsSafeHost, url.Port);
        var path = url.AbsolutePath.TrimEnd('/');
        var host = url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        if (!url.IsDefaultPort) host = $"{host}:{_port}";
        var common = $"Host: {host}\r\nUser-Agent: LiveClin\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n";
        var key = string.IsNullOrEmpty(endpoint.ApiKey) ? null : endpoint.ApiKey;
        _listModels = Encoding.ASCII.GetBytes($"GET {path}/models HTTP/1.1\r\n{common}{(key is null ? "" : $"Authorization: Bearer {key}\r\n")}\r\n");
        _chatHead = $"POST {path}/chat/completions HTTP/1.1\r\n{common}Authorization: Bearer {key ?? SdkTransport.NoKey}\r\nContent-Type: application/json\r\nContent-Length: ";
    }

    /// <summary>Whether this way leads to an endpoint: plain HTTP, nothing unusual in address or key, no proxy in between.</summary>
    public static bool Serves(ModelEndpoint endpoint)
    {
        var url = endpoint.BaseUrl;
        return url.Scheme == Uri.UriSchemeHttp && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0
            && (endpoint.ApiKey is null || endpoint.ApiKey.All(c => c is > ' ' and <= '~'))
            && (url.IsLoopback || HttpClient.DefaultProxy.IsBypassed(url) || HttpClient.DefaultProxy.GetProxy(url) is null);
    }

    public Task<HttpReply> ListModelsAsync(CancellationToken cancellationToken) => ExchangeAsync([_listModels], cancellationToken);

    public Task<HttpReply> CompleteChatAsync(SegmentedBody body, CancellationToken cancellationToken)
    {
        var request = new List<ArraySegment<byte>>(body.Segments.Count + 1) { Encoding.ASCII.GetBytes($"{_chatHead}{body.Length}\r\n\r\n") };
        request.AddRange(body.Segments);
        return ExchangeAsync(request, cancellationToken);
    }

    public void Dispose()
    {
        lock (_idle)
        {
            _disposed = true;
            while (_idle.TryPop(out var connection)) connection.Dispose();
        }
    }

    private async Task<HttpReply> ExchangeAsync(List<ArraySegment<byte>> request, CancellationToken cancellationToken)
    {
        var connection = TakeIdle() ?? await DirectConnection.OpenAsync(_host, _port, cancellationToken).ConfigureAwait(false);
        try
        {
            var reply = await connection.ExchangeAsync(request, cancellationToken).ConfigureAwait(false);
            if (Keep(connection)) connection = null;
            return reply;
        }
        finally
        {
            connection?.Dispose();
        }
    }

    private DirectConnection? TakeIdle()
    {
        while (true)
        {
            DirectConnection? connection;
            lock (_idle)
            {
                if (!_idle.TryPop(out connection)) return null;
            }

            if (connection.IsAlive(LongestIdle)) return connection;
            connection.Dispose();
        }
    }

    private bool Keep(DirectConnection connection)
    {
        if (!connection.CanBeUsedAgain) return false;
        lock (_idle)
        {
            if (_disposed) return false;
            _idle.Push(connection);
            return true;
        }
    }
}
