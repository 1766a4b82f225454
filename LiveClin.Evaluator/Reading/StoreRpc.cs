using Grpc.Core;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Reading;

/// <summary>
/// The calls of the contract that a result store alone can answer. The evaluator adds those that write and what happens in its process;
/// the pages over a store take them as they are.
/// </summary>
internal abstract partial class StoreRpc(RequestedFiles files, TimeProvider time, CancellationToken stopping)
    : V1.EvaluatorService.EvaluatorServiceBase
{
    /// <summary>The store.</summary>
    protected ResultStore Store => files.Store;

    /// <summary>What callers ask for by name.</summary>
    protected RequestedFiles Files => files;

    /// <summary>The clock.</summary>
    protected TimeProvider Time => time;

    /// <summary>What runs are called beside their namesakes, by identity.</summary>
    protected IReadOnlyDictionary<string, string> Labels() => RunLabels.ByIdentity(Store.ListRuns());

    /// <summary>A run as it stands.</summary>
    /// <param name="run">The run.</param>
    /// <param name="labels">Labels by identity.</param>
    protected abstract V1.Run Describe(RunInfo run, IReadOnlyDictionary<string, string> labels);

    // Streams end when the caller leaves, its deadline passes, or the service stops; whichever comes first.
    protected CancellationTokenSource LinkToStop(ServerCallContext context) =>
        CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, stopping);
}
