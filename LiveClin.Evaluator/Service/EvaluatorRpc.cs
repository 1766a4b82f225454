using LiveClin.Evaluator.Imports;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Reading;

namespace LiveClin.Evaluator.Service;

/// <summary>The contract's calls: each validates, maps and delegates.</summary>
internal sealed partial class EvaluatorRpc(
    RequestedFiles files, RunService runs, ReleaseCatalog releases, VisionCheck vision, ImportService imports, TimeProvider time,
    IHostApplicationLifetime lifetime)
    : StoreRpc(files, time, lifetime.ApplicationStopping);
