using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Connections without the token take no room from those with it.</summary>
public sealed class ConnectionLimitTests : IAsyncLifetime
{
    private const int Many = 700;
    private readonly TemporaryFolder _folder = new();
    private readonly List<Socket> _strangers = [];
    private RunningEvaluator _evaluator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await SampleRuns.CreateStoreAsync(_folder["s.db"], (SampleRuns.Run("run1", "model-a"), []));
        _evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]);
    }

    [Fact]
    public async Task Hundreds_of_a_stranger_s_close_their_own_oldest_and_the_owner_s_stay_and_find_room()
    {
        var connections = 0;
        using var owner = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, _) =>
            {
                Interlocked.Increment(ref connections);
                return new NetworkStream(await ConnectAsync(), ownsSocket: true);
            },
        });
        owner.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RunningEvaluator.Token);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(owner));
        await _evaluator.Client.GetRunAsync(new GetRunRequest { RunId = "run1" }, cancellationToken: Cancellation);

        for (var i = 0; i < Many; i++) _strangers.Add(await ConnectAsync());
        await Task.WhenAll(_strangers.Take(400).Select(WaitForEndAsync));

        Assert.Equal((HttpStatusCode.OK, 1), (await GetAsync(owner), connections));
        await _evaluator.Client.GetRunAsync(new GetRunRequest { RunId = "run1" }, cancellationToken: Cancellation);
        Assert.Equal(HttpStatusCode.OK, await GetAsync(_evaluator.Http)); // on a connection of its own
    }

    [Fact]
    public async Task A_stranger_keeps_no_connection_after_an_answer()
    {
        using var stranger = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var answer = await stranger.GetAsync(new Uri(_evaluator.Http.BaseAddress!, "v1/runs"), Cancellation);
        Assert.Equal((HttpStatusCode.Unauthorized, true), (answer.StatusCode, answer.Headers.ConnectionClose));
    }

    private async Task<HttpStatusCode> GetAsync(HttpClient http)
    {
        using var answer = await http.GetAsync(new Uri(_evaluator.Http.BaseAddress!, "v1/runs/run1"), Cancellation);
        return answer.StatusCode;
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _evaluator.Http.BaseAddress!.Port), Cancellation);
        return socket;
    }

    private static async Task WaitForEndAsync(Socket socket)
    {
        try
        {
            Assert.Equal(0, await socket.ReceiveAsync(new byte[1], Cancellation));
        }
        catch (SocketException)
        {
            // reset: closed as well
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _strangers) socket.Dispose();
        await _evaluator.DisposeAsync();
        _folder.Dispose();
    }
}
