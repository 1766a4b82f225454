using Google.Protobuf;
using LiveClin.Hosting.Local.Dashboard.Host;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveClin.Hosting.Local.Tests.Dashboard;

/// <summary>The real dashboard on free loopback ports over a fake stack.</summary>
internal sealed class RunningDashboard : IAsyncDisposable
{
    private RunningDashboard(DashboardHost host, FakeResources resources)
    {
        Host = host;
        Resources = resources;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = host.Url };
        Otlp = new HttpClient { BaseAddress = host.OtlpHttpUrl };
        Otlp.DefaultRequestHeaders.Add("x-otlp-api-key", host.OtlpApiKey);
    }

    public DashboardHost Host { get; }

    public FakeResources Resources { get; }

    /// <summary>For the pages; keeps cookies, follows nothing.</summary>
    public HttpClient Client { get; }

    /// <summary>For the receivers; brings the key.</summary>
    public HttpClient Otlp { get; }

    public static async Task<RunningDashboard> StartAsync(Action<DashboardOptions>? configure = null)
    {
        var options = new DashboardOptions();
        configure?.Invoke(options);
        var resources = new FakeResources();
        return new(await DashboardHost.StartAsync(options, resources, NullLoggerFactory.Instance, TestContext.Current.CancellationToken), resources);
    }

    public async Task<HttpResponseMessage> PostAsync(string path, IMessage message)
    {
        var content = new ByteArrayContent(message.ToByteArray());
        content.Headers.ContentType = new("application/x-protobuf");
        return await Otlp.PostAsync(path, content, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a whole sample over OTLP.</summary>
    public async Task<SampleTelemetry> SendSampleAsync()
    {
        var sample = new SampleTelemetry();
        (await PostAsync("/v1/traces", sample.Traces())).EnsureSuccessStatusCode();
        (await PostAsync("/v1/logs", sample.Logs())).EnsureSuccessStatusCode();
        for (var i = 1; i <= 20; i++) (await PostAsync("/v1/metrics", sample.Metrics(i))).EnsureSuccessStatusCode();
        return sample;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Otlp.Dispose();
        await Host.DisposeAsync();
    }
}
