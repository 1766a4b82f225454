using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.Evaluator.Tests.Telemetry;

/// <summary>Takes whatever is exported over OTLP/HTTP and keeps it.</summary>
internal sealed class OtlpSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    private OtlpSink(WebApplication app) => _app = app;

    public string Endpoint => _app.Urls.Single();

    /// <summary>
    /// Everything that came under a path (<c>/v1/traces</c>, <c>/v1/logs</c>, <c>/v1/metrics</c>), as text: protobuf leaves strings
    /// readable.
    /// </summary>
    public string Text(string path) =>
        string.Join('\n', _received.Where(item => item.Path == path).Select(item => Encoding.UTF8.GetString(item.Body)));

    /// <summary>True when a double stands somewhere under a path.</summary>
    public bool Holds(string path, double value) =>
        _received.Any(item => item.Path == path && item.Body.AsSpan().IndexOf(BitConverter.GetBytes(value)) >= 0);

    /// <summary>Settings that send a service's telemetry here.</summary>
    public void Configure(IDictionary<string, string?> settings)
    {
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = Endpoint;
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
    }

    public static async Task<OtlpSink> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var sink = new OtlpSink(app);
        app.MapPost("/v1/{signal}", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            sink._received.Enqueue((context.Request.Path, body.ToArray()));
        });
        await app.StartAsync();
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
