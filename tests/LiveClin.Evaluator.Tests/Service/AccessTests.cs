using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using LiveClin.Evaluator.V1;
using LiveClin.ServiceDefaults.Access;
using LiveClin.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using OpenTelemetry;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Strangers on the same machine: nothing is said or done without the token.</summary>
public sealed class AccessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("another-token-altogether")]
    [InlineData("")]
    public async Task Without_the_token_no_call_is_answered(string? token)
    {
        await using var evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]);
        using var http = new HttpClient(new BearerHandler(token)) { BaseAddress = evaluator.Http.BaseAddress };
        using var channel = GrpcChannel.ForAddress($"http://{evaluator.Channel.Target}", new GrpcChannelOptions
        {
            HttpHandler = new BearerHandler(token),
        });

        foreach (var path in (string[])["v1/runs", "v1/releases", "openapi/v1.json", "v1/images/00", "v1/runs/x:export?format=v1",
            "nowhere"])
        {
            using var response = await http.GetAsync(path, Cancellation);
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, response.StatusCode));
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        }

        using var started = await http.PostAsync("v1/runs", new StringContent("{}", new MediaTypeHeaderValue("application/json")),
            Cancellation);
        Assert.Equal("TOKEN_NEEDED",
            (string)JsonNode.Parse(await started.Content.ReadAsStringAsync(Cancellation))!["details"]![0]!["reason"]!);
        var refused = await Assert.ThrowsAsync<RpcException>(async () =>
            await new EvaluatorService.EvaluatorServiceClient(channel)
                .ListRunsAsync(new ListRunsRequest(), cancellationToken: Cancellation));
        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Contains("access.json", refused.Status.Detail, StringComparison.Ordinal);
        using var untraced = SuppressInstrumentationScope.Begin(); // another test looks for traces of it
        Assert.Equal("Healthy", await http.GetStringAsync("health", Cancellation));
    }

    [Fact]
    public async Task A_link_lets_a_browser_in_once_and_leaves_a_cookie_of_its_port()
    {
        await using var evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]);
        using var http = new HttpClient(new BearerHandler(null)) { BaseAddress = evaluator.Http.BaseAddress };

        using var welcome = await http.GetAsync($"v1/runs?page_size=3&t={RunningEvaluator.Token}", Cancellation);

        Assert.Equal((HttpStatusCode.Redirect, "/v1/runs?page_size=3"), (welcome.StatusCode, welcome.Headers.Location?.ToString()));
        var cookie = Assert.Single(welcome.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith($"liveclin-{http.BaseAddress!.Port}=", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(RunningEvaluator.Token, cookie, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/runs");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        Assert.Equal(HttpStatusCode.OK, (await http.SendAsync(request, Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    public async Task Pages_of_other_origins_are_refused_even_with_the_token(string header, string value)
    {
        await using var evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/runs");
        request.Headers.Add(header, value);

        Assert.Equal(HttpStatusCode.Forbidden, (await evaluator.Http.SendAsync(request, Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("cross-site", false, HttpStatusCode.Forbidden)]
    [InlineData("same-site", false, HttpStatusCode.Forbidden)]
    [InlineData("whatever", false, HttpStatusCode.Forbidden)]
    [InlineData("same-origin", false, HttpStatusCode.OK)]
    [InlineData("none", false, HttpStatusCode.OK)]
    [InlineData("same-site", true, HttpStatusCode.OK)]
    public async Task A_cookie_counts_for_fetches_of_the_own_origin_alone(string site, bool showsToken, HttpStatusCode expected)
    {
        await using var evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]);
        using var http = new HttpClient(new BearerHandler(null)) { BaseAddress = evaluator.Http.BaseAddress };
        using var welcome = await http.GetAsync($"v1/runs?t={RunningEvaluator.Token}", Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/runs");
        request.Headers.Add("Cookie", Assert.Single(welcome.Headers.GetValues("Set-Cookie")).Split(';')[0]);
        request.Headers.Add("Sec-Fetch-Site", site);
        request.Headers.Add("Sec-Fetch-Mode", "no-cors");
        if (showsToken) request.Headers.Add("Authorization", $"Bearer {RunningEvaluator.Token}");

        Assert.Equal(expected, (await http.SendAsync(request, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task The_file_beside_the_store_tells_its_owner_alone_and_goes_with_the_service()
    {
        var path = _folder["s.db.access.json"];
        await using (var evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]))
        {
            var access = JsonNode.Parse(await File.ReadAllTextAsync(path, Cancellation))!;
            Assert.Equal((RunningEvaluator.Token, evaluator.Http.BaseAddress!.ToString().TrimEnd('/'),
                $"http://{evaluator.Channel.Target}"),
                ((string)access["token"]!, (string)access["evaluator"]!, (string)access["evaluatorGrpc"]!));
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            await evaluator.StopAsync();
        }

        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Where_the_file_cannot_be_written_the_service_serves_and_ends_all_the_same()
    {
        Directory.CreateDirectory(_folder["s.db.access.json"]); // whatever stands there is nobody's to remove
        await using var evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]);
        Assert.Equal(HttpStatusCode.OK, (await evaluator.Http.GetAsync("v1/runs", Cancellation)).StatusCode);
        await evaluator.StopAsync();
        Assert.True(Directory.Exists(_folder["s.db.access.json"]));
    }

    [Fact]
    public void A_token_is_drawn_at_each_start_or_configured_and_nobody_is_asked_on_loopback_only()
    {
        Assert.NotEqual(Of().Value, Of().Value);
        Assert.Equal((48, false), (Of().Value!.Length, Of().IsConfigured));
        Assert.True(Of(("Token", "sixteen-letters!")).Accepts("sixteen-letters!"));
        Assert.False(Of(("Token", "sixteen-letters!")).Accepts("sixteen-letters"));
        // From a file, whose last line ends.
        Assert.Equal("sixteen-letters!", Of(("Token", "sixteen-letters!\n")).Value);
        var refused = Assert.Throws<OptionsValidationException>(() => Of(("Token", "sixteen-letters!\n\n")));
        Assert.Contains("line ends", refused.Message, StringComparison.Ordinal);
        Assert.Null(Of(("Anonymous", "true")).Value);
        Assert.Throws<OptionsValidationException>(() => Of(("Token", "short")));
        foreach (var url in (string[])["http://0.0.0.0:80", "http://*:80", "http://192.0.2.1:80"])
        {
            var settings = new Dictionary<string, string?> { ["LiveClin:Access:Anonymous"] = "true", ["Kestrel:Endpoints:http:Url"] = url };
            var error = Assert.Throws<OptionsValidationException>(() =>
                AccessToken.Of(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()));
            Assert.Contains(url, error.Message, StringComparison.Ordinal);
        }
    }

    private static AccessToken Of(params (string Key, string Value)[] settings) => AccessToken.Of(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create<string, string?>($"LiveClin:Access:{pair.Key}", pair.Value)))
            .Build());
}
