using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

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

    private static RpcException Create(Code code, string message, Google.Protobuf.IMessage details) =>
        new Google.Rpc.Status { Code = (int)code, Message = Shorten(message, LongestMessage), Details = { Any.Pack(details) } }.ToRpcException();

    private static string Shorten(string text, int length) => text.Length <= length ? text : text[..length] + "…";
}

/// <summary>Something wrong with a request.</summary>
/// <param name="Field">Path of the field, for example <c>model.api_id</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
internal sealed record FieldProblem(string Field, string Message);
