using Grpc.Core;
using LiveClin.ServiceDefaults.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace LiveClin.ServiceDefaults.Rpc;

/// <summary>How every service speaks gRPC: with the same errors, as JSON too, with reflection and health.</summary>
public static class RpcExtensions
{
    /// <summary>Adds gRPC and its JSON form.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">What the service is called in messages, for example <c>The evaluator</c>.</param>
    /// <param name="explain">The error that an expected exception means to a caller; null for an unexpected one.</param>
    public static TBuilder AddRpc<TBuilder>(this TBuilder builder, string service, Func<Exception, RpcException?> explain) where TBuilder
        : IHostApplicationBuilder
    {
        builder.Services.AddSingleton(new ServiceErrors(service, explain));
        // What fails in a call is logged by the interceptor, once; what is left are callers' mistakes, which need no stack trace.
        builder.Logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Grpc.JsonTranscoding", LogLevel.None);
        builder.Logging.AddFilter("Grpc.AspNetCore.Grpc.JsonTranscoding", LogLevel.None);
        // A line for each connection beyond the limit would fill the disk.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Connections", LogLevel.Error);
        builder.Services.AddGrpc(options => options.Interceptors.Add<ErrorInterceptor>())
            .AddJsonTranscoding(options => options.TypeRegistry = RpcErrors.Types);
        builder.Services.AddGrpcReflection();
        builder.Services.AddGrpcHealthChecks();
        return builder;
    }

    /// <summary>
    /// Maps a gRPC service with its JSON form, reflection and health; <c>/openapi/v1.json</c> says what the JSON form is.
    /// </summary>
    public static WebApplication MapRpc<TService>(this WebApplication app) where TService : class
    {
        app.UseMalformedCalls();
        app.UseJsonFieldCheck();
        app.MapGrpcService<TService>();
        app.MapGet("/openapi/v1.json", (ServiceErrors service, EndpointDataSource endpoints) => Results.Text(
            OpenApiDocument.Of(service.Service, typeof(TService).Assembly.GetName().Version!.ToString(3), endpoints.Endpoints)
                .ToJsonString(), "application/json"));
        app.MapGrpcReflectionService();
        app.MapGrpcHealthChecksService();
        return app;
    }

    /// <summary>
    /// A group of plain HTTP endpoints beside the transcoded calls, for what transcoding cannot carry (files: it would put line ends
    /// between the chunks of a stream). Errors have the same body as there.
    /// </summary>
    public static RouteGroupBuilder MapFiles(this IEndpointRouteBuilder app) => app.MapGroup("").AddEndpointFilter(async (context, next) =>
    {
        try
        {
            return await next(context);
        }
        catch (Exception error) when (context.HttpContext.RequestServices.GetRequiredService<ServiceErrors>().Translate(error) is { } known)
        {
            return RpcErrors.ToHttp(known);
        }
    });

    /// <summary>The header that says what of a file's results is damaged, and so not in the file.</summary>
    public const string DamagedHeader = "LiveClin-Damaged";

    /// <summary>Says what is damaged, one header for each, the number of all first; nothing when nothing is.</summary>
    /// <param name="response">The response that the file goes with.</param>
    /// <param name="damaged">A sentence for each; what a header cannot hold of it is shown as a question mark.</param>
    public static void SayDamaged(this HttpResponse response, IReadOnlyCollection<string> damaged)
    {
        const int mostNamed = 20;
        if (damaged.Count == 0) return;
        response.Headers[DamagedHeader] = new StringValues(
            [$"{damaged.Count}",
                .. damaged.Take(mostNamed).Select(what => string.Concat(what.Select(c => c is >= ' ' and <= '~' ? c : '?')))]);
    }

    /// <summary>Headers for bytes that a model or a release wrote: opened on their own in a browser they can do nothing at all.</summary>
    public static void Sandbox(this HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy =
            "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
    }
}
