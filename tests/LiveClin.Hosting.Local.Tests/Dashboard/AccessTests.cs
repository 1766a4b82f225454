using System.Net;
using LiveClin.Hosting.Local.Dashboard.Host;
using Microsoft.Extensions.Options;

namespace LiveClin.Hosting.Local.Tests.Dashboard;

/// <summary>Who gets in, under which name, and what every response says to browsers.</summary>
public sealed class AccessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_login_address_gives_a_cookie_and_takes_the_token_out_of_the_address()
    {
        await using var dashboard = await RunningDashboard.StartAsync();

        var login = await dashboard.Client.GetAsync(dashboard.Host.LoginUrl, Token);

        Assert.Equal((HttpStatusCode.Redirect, "/"), (login.StatusCode, login.Headers.Location?.ToString()));
        var cookie = Assert.Single(login.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain(System.Web.HttpUtility.ParseQueryString(dashboard.Host.LoginUrl.Query)["t"]!, cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await dashboard.Client.GetAsync("/", Token)).StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/console/evaluator")]
    [InlineData("/download/console/evaluator")]
    [InlineData("/traces/0af7651916cd43dd8448eb211c80319c/chat/00000000000000c1/images/0")]
    [InlineData("/_blazor/negotiate")]
    [InlineData("/nothing")]
    public async Task Everything_else_leads_to_the_login(string path)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        await dashboard.SendSampleAsync();
        var response = await dashboard.Client.GetAsync(path, Token);
        Assert.Equal((HttpStatusCode.Redirect, "/login"), (response.StatusCode, response.Headers.Location?.ToString()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await dashboard.Client.PostAsync("/_blazor/negotiate?negotiateVersion=1", null, Token)).StatusCode);
    }

    [Fact]
    public async Task A_wrong_token_is_refused()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var response = await dashboard.Client.GetAsync("/login?t=wrong", Token);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("Host", "evil.example", HttpStatusCode.BadRequest)]
    [InlineData("Origin", "http://localhost:1", HttpStatusCode.Forbidden)]
    public async Task Foreign_names_and_origins_are_refused(string header, string value, HttpStatusCode expected)
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, dashboard.Host.LoginUrl);
        request.Headers.TryAddWithoutValidation(header, value);
        Assert.Equal(expected, (await dashboard.Client.SendAsync(request, Token)).StatusCode);
    }

    [Fact]
    public async Task Responses_forbid_framing_and_foreign_content()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        var response = await dashboard.Client.GetAsync("/login", Token);
        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.StartsWith("default-src 'none'; script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
    }

    [Fact]
    public async Task Files_are_served_from_the_assembly_and_kept_by_browsers()
    {
        await using var dashboard = await RunningDashboard.StartAsync();
        foreach (var (name, type) in new[] { ("blazor.web.js", "text/javascript"), ("mudblazor.js", "text/javascript"), ("mudblazor.css", "text/css"), ("dashboard.css", "text/css"), ("favicon.svg", "image/svg+xml") })
        {
            var response = await dashboard.Client.GetAsync("/assets/" + name, Token);
            Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
            using var again = new HttpRequestMessage(HttpMethod.Get, "/assets/" + name);
            again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
            Assert.Equal(HttpStatusCode.NotModified, (await dashboard.Client.SendAsync(again, Token)).StatusCode);
        }
    }

    [Fact]
    public async Task Two_dashboards_do_not_share_a_login()
    {
        await using var first = await RunningDashboard.StartAsync();
        await using var second = await RunningDashboard.StartAsync();
        var login = await first.Client.GetAsync(first.Host.LoginUrl, Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, second.Host.Url);
        request.Headers.Add("Cookie", login.Headers.GetValues("Set-Cookie").First().Split(';')[0]);
        Assert.Equal(HttpStatusCode.Redirect, (await second.Client.SendAsync(request, Token)).StatusCode);
    }

    [Fact]
    public async Task Settings_out_of_range_are_all_named()
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => RunningDashboard.StartAsync(o =>
        {
            o.Port = 70_000;
            o.Token = "short";
            o.Limits.MaxSpans = 1;
        }));
        Assert.Equal(3, error.Failures.Count());
        foreach (var name in new[] { nameof(DashboardOptions.Port), nameof(DashboardOptions.Token), "MaxSpans" }) Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        await using var first = await RunningDashboard.StartAsync();
        var error = await Assert.ThrowsAsync<IOException>(() => RunningDashboard.StartAsync(o => o.Port = first.Host.Url.Port));
        Assert.Contains(first.Host.Url.Port.ToString(null, null), error.Message, StringComparison.Ordinal);
    }
}
