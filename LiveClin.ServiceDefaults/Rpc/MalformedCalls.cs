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
/// Says of bytes that are no message of the contract what they are: the caller's mistake. gRPC reads a request before any interceptor is
/// asked, and would say "unknown" of it.
/// </summary>
internal static partial class MalformedCalls
{
    private const string StatusField = "grpc-status", MessageField = "grpc-message";

    /// <summary>Looks at each call when it has ended.</summary>
    public static void UseMalformedCalls(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null) LogUnread(context);
        await next(context);
        if (context.Features.Get<IServerCallContextFeature>()?.ServerCallContext.Status is not { StatusCode: StatusCode.Unknown } status)
            return;
        if (!IsUnreadable(status.DebugException)) return;
        var said = context.Response.HasStarted ? context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : context.Response.Headers;
        if (said is null || !said.ContainsKey(StatusField)) return;
        var input = context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.FullName ?? context.Request.Path.Value;
        said[StatusField] = ((int)StatusCode.InvalidArgument).ToString(CultureInfo.InvariantCulture);
        said[MessageField] = Uri.EscapeDataString(Words(input));
    });

    /// <summary>True for what reading a message throws that is none.</summary>
    public static bool IsUnreadable(Exception? error) => error is InvalidProtocolBufferException or InvalidDataException;

    /// <summary>The error of a message in the middle of a stream, which the call itself reads.</summary>
    public static RpcException OfStream(ServerCallContext context) =>
        new(new Status(StatusCode.InvalidArgument, Words(context.Method)));

    private static string Words(string? method) =>
        $"The request of {method} is no message of the contract, or not in the form that its headers say.";

    /// <summary>Says that a call is logged, or need not be.</summary>
    public static void SetLogged(ServerCallContext context) => context.GetHttpContext().Items[typeof(MalformedCalls)] = true;

    // What transcoding cannot read reaches no interceptor, and its own words come with a stack trace each.
    private static void LogUnread(HttpContext context) => context.Response.OnStarting(() =>
    {
        if (context.Response.StatusCode != StatusCodes.Status400BadRequest || context.Items.ContainsKey(typeof(MalformedCalls)))
            return Task.CompletedTask;
        LogRefused(context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(MalformedCalls)),
            context.Request.Path.Value ?? "");
        return Task.CompletedTask;
    });

    [LoggerMessage(1, LogLevel.Information, "{Path} was refused: the request is no JSON of the contract.", EventName = "CallUnread")]
    private static partial void LogRefused(ILogger logger, string path);
}
