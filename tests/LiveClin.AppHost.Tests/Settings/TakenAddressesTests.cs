using System.Net;
using System.Net.Sockets;
using LiveClin.AppHost.Settings;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Tests.Settings;

/// <summary>A port of another program is named in a line before anything starts.</summary>
public sealed class TakenAddressesTests : LoadedSettings
{
    [Theory]
    [InlineData("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL")]
    [InlineData("ASPNETCORE_URLS")]
    public void A_port_that_is_taken_is_named_with_its_variable(string variable)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var taken = Assert.Single(Find(variable, $"http://127.0.0.1:0;http://localhost:{port}"));
        Assert.StartsWith($"{variable}: http://localhost:{port} is taken", taken, StringComparison.Ordinal);
        other.Stop();
        Assert.Empty(Find(variable, $"http://localhost:{port}"));
    }

    [Fact]
    public void A_port_of_a_service_that_is_taken_is_named_with_its_setting()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var (settings, _) = Load($$"""{ "LiveClin": { "Ports": { "Evaluator": {{port}} } } }""");
        var taken = Assert.Single(TakenAddresses.Find(new ConfigurationBuilder().Build(), settings));
        Assert.StartsWith($"LiveClin:Ports:Evaluator: {port} is taken", taken, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("no address")]
    public void Any_free_port_and_what_is_no_address_are_nobodys(string address) => Assert.Empty(Find("ASPNETCORE_URLS", address));

    [Fact]
    public void Ports_that_nobody_has_named_are_none_that_the_system_gives_to_others()
    {
        var configuration = new ConfigurationManager();
        configuration.AddRuntimeDefaults();
        Assert.All((string[])["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"],
            name => Assert.InRange(new Uri(configuration[name]!).Port, 1024, 32_767));
    }

    private static IReadOnlyList<string> Find(string variable, string value) =>
        TakenAddresses.Find(new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create<string, string?>(variable, value)])
            .Build());
}
