using LiveClin.Hosting.Local.Otlp.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.Hosting.Local.Otlp.Receivers;

/// <summary>Adds the OTLP receivers to the dashboard's web application.</summary>
internal static class OtlpReceiverExtensions
{
    public static IServiceCollection AddOtlpReceivers(this IServiceCollection services, TelemetryStore store, string apiKey)
    {
        services.AddSingleton(store);
        services.AddSingleton(store.Limits);
        services.AddSingleton(new ApiKey(apiKey));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<OtlpReceiver>();
        services.AddSingleton<HttpReceiver>();
        services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = store.Limits.MaxRequestBytes;
            options.Interceptors.Add<ApiKeyInterceptor>();
        });
        return services;
    }

    public static void MapOtlpReceivers(this IEndpointRouteBuilder app)
    {
        var http = app.ServiceProvider.GetRequiredService<HttpReceiver>();
        app.MapPost("/v1/traces", http.ReceiveTracesAsync).WithMetadata(Listener.OtlpHttp);
        app.MapPost("/v1/logs", http.ReceiveLogsAsync).WithMetadata(Listener.OtlpHttp);
        app.MapPost("/v1/metrics", http.ReceiveMetricsAsync).WithMetadata(Listener.OtlpHttp);
        app.MapGrpcService<GrpcTraceReceiver>().WithMetadata(Listener.OtlpGrpc);
        app.MapGrpcService<GrpcLogsReceiver>().WithMetadata(Listener.OtlpGrpc);
        app.MapGrpcService<GrpcMetricsReceiver>().WithMetadata(Listener.OtlpGrpc);
    }
}
