using System.Globalization;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LiveClin.ServiceDefaults.Rpc;

/// <summary>
/// Says of bytes that are no message of the contract what they are: the caller's mistake. gRPC reads a request before any interceptor is asked,
/// and would say "unknown" of it.
/// </summary>
internal static partial class MalformedCalls
{
    private const string Status = "grpc-status", Message = "grpc-message";

    /// <summary>Looks at each call when it has ended.</summary>
    public static void UseMalformedCalls(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        LogUnread(context);
        if (context.Features.Get<IServerCallContextFeature>()?.ServerCallContext.Status is not { StatusCode: StatusCode.Unknown } status) return;
        if (status.DebugException is not (InvalidProtocolBufferException or InvalidDataException)) return;
        var said = context.Response.HasStarted ? context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : context.Response.Headers;
        if (said is null || !said.ContainsKey(Status)) return;
        var input = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName ?? context.Request.Path.Value;
        said[Status] = ((int)StatusCode.InvalidArgument).ToString(CultureInfo.InvariantCulture);
        said[Message] = Uri.EscapeDataString($"The request of {input} is no message of the contract, or not in the form that its headers say.");
    });

    // What transcoding cannot read reaches no interceptor, and its own words come with a stack trace each.
    private static void LogUnread(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is null) return;
        if (context.Features.Get<IServerCallContextFeature>()?.ServerCallContext.Status is not { } status) return;
        if (status is not { StatusCode: StatusCode.InvalidArgument, DebugException: not null }) return;
        var logger = context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(MalformedCalls));
        LogRefused(logger, context.Request.Path.Value ?? "", status.Detail);
    }

    [LoggerMessage(1, LogLevel.Information, "{Path} was refused: {Reason}", EventName = "CallUnread")]
    private static partial void LogRefused(ILogger logger, string path, string reason);
}
