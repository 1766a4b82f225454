using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace LiveClin.ServiceDefaults.Rpc;

/// <summary>Errors as the contracts state them: google.rpc.Status with BadRequest or ErrorInfo.</summary>
public static class RpcErrors
{
    /// <summary>Domain of every ErrorInfo.</summary>
    public const string Domain = "liveclin";

    /// <summary>The reason of what a store's server, and not the service before it, is to blame for.</summary>
    public const string StoreUnreachable = "STORE_UNREACHABLE";

    // Details travel in a header of 8 KiB; what is longer would lose the whole error.
    private const int LongestMessage = 2000;
    private const int LongestDescription = 200;
    internal const int MostViolations = 20;

    private static readonly JsonFormatter Json;

    static RpcErrors()
    {
        Types = TypeRegistry.FromMessages(BadRequest.Descriptor, ErrorInfo.Descriptor);
        Json = new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(Types));
    }

    /// <summary>Types of the details, which the JSON form of an error needs to know.</summary>
    public static TypeRegistry Types { get; }

    /// <summary>The request is wrong in these fields.</summary>
    public static RpcException Invalid(IReadOnlyCollection<FieldProblem> problems) =>
        Invalid(Code.InvalidArgument, string.Join(" ", problems.Select(problem => $"{problem.Field}: {problem.Message}")), problems);

    /// <summary>One field of the request is wrong.</summary>
    public static RpcException Invalid(string field, string message) => Invalid([new FieldProblem(field, message)]);

    /// <summary>Fields of the request are wrong, or name what does not exist.</summary>
    /// <param name="code">Canonical code.</param>
    /// <param name="message">The whole, as a sentence.</param>
    /// <param name="problems">The fields; the first 20 travel.</param>
    public static RpcException Invalid(Code code, string message, IEnumerable<FieldProblem> problems)
    {
        var details = new BadRequest();
        foreach (var problem in problems.Take(MostViolations))
            details.FieldViolations.Add(new BadRequest.Types.FieldViolation
            {
                Field = problem.Field,
                Description = Shorten(problem.Message, LongestDescription),
            });
        return Create(code, message, details);
    }

    /// <summary>Any other error.</summary>
    /// <param name="code">Canonical code.</param>
    /// <param name="reason">Stable name in UPPER_SNAKE_CASE.</param>
    /// <param name="message">What, where, and what to do.</param>
    public static RpcException Because(Code code, string reason, string message) =>
        Create(code, message, new ErrorInfo { Domain = Domain, Reason = reason });

    /// <summary>The stable name of an error, by which <see cref="Because"/> was told; null for others.</summary>
    public static string? ReasonOf(RpcException error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error.GetRpcStatus()?.GetDetail<ErrorInfo>() is { Domain: Domain } info ? info.Reason : null;
    }

    /// <summary>The JSON form of an error and its HTTP status, as a transcoded call gives them.</summary>
    public static IResult ToHttp(RpcException error) => Results.Text(
        Json.Format(error.GetRpcStatus() ?? new Google.Rpc.Status { Code = (int)error.StatusCode, Message = error.Status.Detail }),
        "application/json",
        statusCode: error.StatusCode switch
        {
            StatusCode.Unauthenticated => StatusCodes.Status401Unauthorized,
            StatusCode.PermissionDenied => StatusCodes.Status403Forbidden,
            StatusCode.NotFound => StatusCodes.Status404NotFound,
            StatusCode.InvalidArgument or StatusCode.FailedPrecondition => StatusCodes.Status400BadRequest,
            StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
            StatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status500InternalServerError,
        });

    private static RpcException Create(Code code, string message, IMessage details) =>
        new Google.Rpc.Status { Code = (int)code, Message = Shorten(message, LongestMessage),
            Details = { Any.Pack(details) } }.ToRpcException();

    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}
