using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using LiveClin.Core.Formats;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Imports;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.Service;

/// <summary>Errors as the contract states them: google.rpc.Status with BadRequest or ErrorInfo.</summary>
internal static class RpcErrors
{
    /// <summary>Domain of every ErrorInfo.</summary>
    public const string Domain = "liveclin";

    // Details travel in a header of 8 KiB; what is longer would lose the whole error.
    private const int LongestMessage = 2000;

    /// <summary>The request is wrong in these fields.</summary>
    public static RpcException Invalid(IReadOnlyCollection<FieldProblem> problems)
    {
        var details = new BadRequest();
        foreach (var problem in problems.Take(20))
            details.FieldViolations.Add(new BadRequest.Types.FieldViolation { Field = problem.Field, Description = Shorten(problem.Message, 200) });
        return Create(Code.InvalidArgument, string.Join(" ", problems.Select(problem => $"{problem.Field}: {problem.Message}")), details);
    }

    /// <summary>One field of the request is wrong.</summary>
    public static RpcException Invalid(string field, string message) => Invalid([new FieldProblem(field, message)]);

    /// <summary>Any other error.</summary>
    /// <param name="code">Canonical code.</param>
    /// <param name="reason">Stable name in UPPER_SNAKE_CASE.</param>
    /// <param name="message">What, where, and what to do.</param>
    public static RpcException Because(Code code, string reason, string message) =>
        Create(code, message, new ErrorInfo { Domain = Domain, Reason = reason });

    /// <summary>What goes wrong for reasons that the caller can do something about; null for everything else.</summary>
    public static RpcException? Explain(Exception error) => error switch
    {
        StoreException store => Because(CodeOf(store.Problem), "STORE_" + store.Problem.ToString().ToUpperInvariant(), store.Message),
        ReleaseNotFoundException => Because(Code.NotFound, "RELEASE_NOT_FOUND", error.Message),
        ReleaseException => Because(Code.FailedPrecondition, "RELEASE_INVALID", error.Message),
        RunRefusedException => Because(Code.FailedPrecondition, "RUN_REFUSED", error.Message),
        UploadException => Because(Code.InvalidArgument, "RESULTS_INVALID", error.Message),
        ResultFileException => Because(Code.FailedPrecondition, "EXPORT_REFUSED", error.Message),
        _ => null,
    };

    /// <summary>An error of the evaluator's own; what it is stands in the log and not on the wire.</summary>
    public static RpcException Internal() => Because(Code.Internal, "INTERNAL", "The evaluator failed; its log says why.");

    private static Code CodeOf(StoreProblem problem) => problem switch
    {
        StoreProblem.Locked => Code.Unavailable,
        StoreProblem.Full => Code.ResourceExhausted,
        StoreProblem.Damaged => Code.DataLoss,
        _ => Code.FailedPrecondition,
    };

    private static RpcException Create(Code code, string message, Google.Protobuf.IMessage details) =>
        new Google.Rpc.Status { Code = (int)code, Message = Shorten(message, LongestMessage), Details = { Any.Pack(details) } }.ToRpcException();

    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}

/// <summary>Something wrong with a request.</summary>
/// <param name="Field">Path of the field, for example <c>model.api_id</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
internal sealed record FieldProblem(string Field, string Message);
