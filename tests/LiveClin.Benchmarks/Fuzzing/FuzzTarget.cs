namespace LiveClin.Benchmarks.Fuzzing;

/// <summary>Something that reads what comes from outside.</summary>
/// <param name="Name">What it reads.</param>
/// <param name="Corpus">Inputs of the kind, which are changed at random.</param>
/// <param name="Read">Reads one; throws only what is a fault.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Corpus, Func<byte[], Task> Read);
