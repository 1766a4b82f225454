using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Reading;

/// <summary>The coming answers of several runs as one sequence that ends when all of them have ended.</summary>
internal interface IComingAnswers : IAsyncDisposable
{
    /// <summary>The runs that are followed.</summary>
    IEnumerable<string> RunIds { get; }

    /// <summary>True when another answer is there without waiting.</summary>
    bool HasMore { get; }

    /// <summary>
    /// The answers as they are stored; those that were stored just after the call may have been read from the store already.
    /// </summary>
    IAsyncEnumerable<(string RunId, Answer Answer)> ReadAllAsync(CancellationToken cancellationToken);
}
