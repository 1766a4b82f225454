using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Service;

/// <summary>Errors as the contract states them: google.rpc.Status with BadRequest or ErrorInfo.</summary>
internal static class RpcErrors
{
    private const string Domain = "liveclin";

    // Details travel in a header of 8 KiB; what is longer would lose the whole error.
    private const int LongestMessage = 2000;

    /// <summary>Types of the details, which the JSON form of an error needs to know.</summary>
    public static TypeRegistry Types { get; } = TypeRegistry.FromMessages(BadRequest.Descriptor, ErrorInfo.Descriptor);

    /// <summary>The error that an expected exception means; null for an unexpected one.</summary>
    public static RpcException? Explain(Exception error) => error switch
    {
        RequestException request => Create(request.IsMissing ? Code.NotFound : Code.InvalidArgument, request.Message, new BadRequest
        {
            FieldViolations = { new BadRequest.Types.FieldViolation { Field = request.Field, Description = Shorten(request.Message, 200) } },
        }),
        // The evaluator's own errors go through; where there is none, it was not there to give one.
        RpcException { StatusCode: StatusCode.Unavailable or StatusCode.Internal } =>
            Because(Code.Unavailable, "EVALUATOR_UNREACHABLE", "The evaluator cannot be reached. Is it running, and is LiveClin:Evaluator its gRPC address?"),
        RpcException evaluator => evaluator,
        _ => null,
    };

    /// <summary>Any other error.</summary>
    public static RpcException Because(Code code, string reason, string message) => Create(code, message, new ErrorInfo { Domain = Domain, Reason = reason });

    /// <summary>The JSON form of an error and its HTTP status.</summary>
    public static IResult ToHttp(RpcException error) => Results.Text(
        new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(Types)).Format(error.GetRpcStatus() ?? new Google.Rpc.Status { Code = (int)error.StatusCode, Message = error.Status.Detail }),
        "application/json",
        statusCode: error.StatusCode switch
        {
            StatusCode.NotFound => StatusCodes.Status404NotFound,
            StatusCode.InvalidArgument or StatusCode.FailedPrecondition => StatusCodes.Status400BadRequest,
            StatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        });

    private static RpcException Create(Code code, string message, IMessage details) =>
        new Google.Rpc.Status { Code = (int)code, Message = Shorten(message, LongestMessage), Details = { Any.Pack(details) } }.ToRpcException();

    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}
