using LiveClin.Evaluator.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveClin.Evaluator.Tests.Models;

public sealed class EnvironmentProxyTests
{
    [Theory]
    [InlineData("*", "https://api.example.com", true)]
    [InlineData("example.com", "https://api.example.com", true)]
    [InlineData(".example.com", "https://api.example.com", true)]
    [InlineData("*.example.com", "https://api.example.com", true)]
    [InlineData("EXAMPLE.com", "https://api.example.com", true)]
    [InlineData("ample.com", "https://api.example.com", false)]
    [InlineData("api.example.com:8443", "https://api.example.com:8443", true)]
    [InlineData("api.example.com:8443", "https://api.example.com", false)]
    [InlineData("10.0.0.0/8", "http://10.1.2.3:30000", true)]
    [InlineData("10.9.8.7/8", "http://10.1.2.3:30000", true)]
    [InlineData("10.0.0.16/28", "http://10.0.0.31", true)]
    [InlineData("10.0.0.16/28", "http://10.0.0.32", false)]
    [InlineData("10.0.0.16/33", "http://10.0.0.16", false)]
    [InlineData("10.0.0.0/8", "http://11.1.2.3:30000", false)]
    [InlineData("10.0.0.7", "http://10.0.0.7", true)]
    [InlineData("10.0.0.7", "http://110.0.0.7", false)]
    [InlineData("fd00::/8", "http://[fd00::1]:30000", true)]
    [InlineData("[fd00::1]:443", "https://[fd00::1]", true)]
    [InlineData("a.org, example.com b.org", "https://example.com", true)]
    [InlineData("", "http://127.0.0.1:30000", true)]
    [InlineData("", "https://api.example.com", false)]
    public void What_needs_no_proxy_is_read_as_by_others(string without, string url, bool isBypassed)
    {
        var proxy = Of(("no_proxy", without), ("HTTPS_PROXY", "proxy.test:3128"), ("http_proxy", "http://me:se%20cret@proxy.test"));

        Assert.Equal(isBypassed, proxy.IsBypassed(new Uri(url)));
        Assert.Equal(isBypassed, proxy.GetProxy(new Uri(url)) is null);
    }

    [Fact]
    public void Small_letters_come_first_and_a_web_servers_variable_is_no_proxy()
    {
        Assert.Equal("http://small.test", Of(("http_proxy", "small.test"), ("HTTP_PROXY", "large.test")).Shown(new Uri("http://a.test")));
        Assert.Null(Of(("HTTP_PROXY", "large.test"), ("REQUEST_METHOD", "GET")).Shown(new Uri("http://a.test")));
        Assert.Equal("socks5://all.test:1", Of(("all_proxy", "socks5h://all.test:1")).Shown(new Uri("https://a.test")));
        Assert.Equal("http://all.test:1", Of(("ALL_PROXY", "http://u:p@all.test:1")).Shown(new Uri("https://a.test")));
    }

    [Theory]
    [InlineData("http://api.invalid/v1", "http_403")]
    [InlineData("https://api.invalid/v1", "proxy")]
    public async Task A_refusal_names_the_proxy_and_stops_the_run(string url, string kind)
    {
        await using var server = new RawServer(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
                await connection.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\nPolicy");
        });
        var address = server.Endpoint.BaseUrl.GetLeftPart(UriPartial.Authority);
        using var clients = new ModelClientFactory(NullLoggerFactory.Instance, TimeProvider.System,
            Of(("http_proxy", address), ("https_proxy", address)));
        var endpoint = new ModelEndpoint(new Uri(url), "m");
        var retries = new RetryPolicy(2, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1));
        using var client = clients.Create(endpoint, "{}", TimeSpan.FromSeconds(30), retries);
        var cancellation = TestContext.Current.CancellationToken;

        var failure = await Assert.ThrowsAsync<ModelCallException>(() =>
            client.GetResponseAsync([new ChatMessage(ChatRole.User, "?")], cancellationToken: cancellation));
        var state = await new EndpointProbe(clients).CheckAsync(endpoint, cancellation);

        Assert.Equal((kind, FailureScope.Run), (failure.Kind, failure.Scope));
        foreach (var words in new[] { failure.Message, state.Problem! })
        {
            Assert.Contains(address, words, StringComparison.Ordinal);
            Assert.Contains("NO_PROXY", words, StringComparison.Ordinal);
        }
    }

    private static EnvironmentProxy Of(params (string Name, string Value)[] variables) =>
        new(name => variables.FirstOrDefault(variable => variable.Name == name).Value);
}
