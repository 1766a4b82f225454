using Grpc.Core;

namespace LiveClin.ServiceDefaults.Rpc;

/// <summary>What a service says of its own errors.</summary>
/// <param name="Service">What the service is called in messages, for example <c>The evaluator</c>.</param>
/// <param name="Explain">The error that an expected exception means to a caller; null for an unexpected one.</param>
public sealed record ServiceErrors(string Service, Func<Exception, RpcException?> Explain)
{
    /// <summary>The error that an exception means; one that is an error of the contract already stays as it is.</summary>
    public RpcException? Translate(Exception error) => Explain(error) ?? error as RpcException;
}
