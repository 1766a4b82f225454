using System.Net;
using System.Net.WebSockets;
using LiveClin.Core.Results;
using LiveClin.Stats.Service;
using LiveClin.Stats.Tests.View;
using LiveClin.Stats.View;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.Service;

/// <summary>Pages ask for the token, too, and so do their WebSockets.</summary>
public sealed class StatsAccessTests : IDisposable
{
    private const string Token = "a-token-for-tests-only";
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_page_is_shown_to_whoever_has_the_link()
    {
        await ViewedSample.CreateStoreAsync(_folder["s.db"]);
        await using var store = ResultStore.OpenReadOnly(_folder["s.db"]);
        await using var app = StatsApplication.BuildView(new ViewedStore(store, "s.db"), "http://127.0.0.1:0",
            [new("Logging:LogLevel:Default", "None"), new("LiveClin:Access:Token", Token)]);
        await app.StartAsync(Cancellation);
        var url = new Uri(app.Urls.First());
        using var stranger = new HttpClient(new BearerHandler(null)) { BaseAddress = url };
        stranger.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var browser = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = url };
        browser.DefaultRequestHeaders.Accept.ParseAdd("text/html");

        foreach (var path in (string[])["/", "/cases", "/plots/case-accuracy.svg", "/v1/leaderboard", "/items.csv", "/exports/run-good/v1",
            "/_blazor/negotiate"])
        {
            using var refused = await stranger.GetAsync(path, Cancellation);
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, refused.StatusCode));
            Assert.Contains("?t=", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Assert.Contains("good", await browser.GetStringAsync($"/?t={Token}", Cancellation), StringComparison.Ordinal);
        Assert.Contains("good", await browser.GetStringAsync("/", Cancellation), StringComparison.Ordinal);
        // Of another origin, with the cookie: a page elsewhere must not open the circuit.
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "http://evil.example");
        socket.Options.SetRequestHeader("Authorization", "Bearer " + Token);
        socket.Options.Proxy = null;
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() =>
            socket.ConnectAsync(new UriBuilder(url) { Scheme = "ws", Path = "/_blazor" }.Uri, Cancellation));
        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
        await app.StopAsync(Cancellation);
    }

    [Fact]
    public async Task A_service_started_alone_takes_the_token_of_an_evaluator_that_comes_later_or_again()
    {
        await using var evaluator = Pages.Sample.Evaluator();
        await evaluator.StartAsync();
        await using var app = StatsApplication.Build(
        [
            new("Kestrel:Endpoints:grpc:Url", "http://127.0.0.1:0"), new("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0"),
            new("Services:evaluator:grpc:0", evaluator.Address), new("Logging:LogLevel:Default", "None"),
            new("LiveClin:Store", _folder["r.db"]),
        ]);
        await app.StartAsync(Cancellation);
        var url = new Uri(new Uri(app.Urls.Last()), "/v1/leaderboard");

        foreach (var token in (string[])["token-of-the-first-start", "token-of-the-second-start"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync(token));
            await File.WriteAllTextAsync(_folder["r.db.access.json"], $$"""{"token":"{{token}}"}""", Cancellation);
            Assert.Equal(HttpStatusCode.OK, await CallAsync(token));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await CallAsync("token-of-the-first-start"));
        await app.StopAsync(Cancellation);

        async Task<HttpStatusCode> CallAsync(string token)
        {
            using var caller = new HttpClient(new BearerHandler(token));
            using var response = await caller.GetAsync(url, Cancellation);
            return response.StatusCode;
        }
    }
}
