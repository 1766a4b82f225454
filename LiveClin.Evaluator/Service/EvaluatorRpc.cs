using Grpc.Core;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Imports;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Service;

/// <summary>The contract's calls: each validates, maps and delegates.</summary>
internal sealed partial class EvaluatorRpc(
    ResultStore store, RunService runs, ReleaseCatalog releases, RequestedFiles files, VisionCheck vision, ImportService imports, IHostApplicationLifetime lifetime)
    : V1.EvaluatorService.EvaluatorServiceBase
{
    // Streams end when the caller leaves, its deadline passes, or the evaluator stops; whichever comes first.
    private CancellationTokenSource LinkToStop(ServerCallContext context) =>
        CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
}
