namespace LiveClin.AppHost.Sweep;

/// <summary>Why a model could not be evaluated.</summary>
/// <param name="Reason">In one line, without anything that steers a terminal.</param>
internal sealed record Failure(string Reason)
{
    private const int MaximumLines = 8;
    private const int MaximumLength = 200;

    /// <summary>The end of its server's log, if that tells more.</summary>
    public IReadOnlyList<string> LastLines { get; private init; } = [];

    /// <summary>The whole log of that start.</summary>
    public string? LogFile { get; private init; }

    /// <summary>A failure that needs no log to be understood.</summary>
    public static implicit operator Failure?(string? reason) => reason is null ? null : new Failure(SweepText.Safe(reason));

    /// <summary>The failure with the end of a log; the cause that it names becomes part of the reason, with what to do about it.</summary>
    /// <param name="reason">What happened.</param>
    /// <param name="log">Everything that was said in that start.</param>
    /// <param name="logFile">Where it is kept.</param>
    public static Failure WithLog(string reason, IReadOnlyList<string> log, string? logFile)
    {
        var lines = log.Select(l => SweepText.Safe(l).TrimEnd()).Where(l => l.Length > 0).ToList();
        var cause = FailureCause.Find(lines);
        var error = cause is null ? null : Shortened(cause.Error);
        return new Failure(error is null ? $"{reason}." : cause!.Advice is null
            ? $"{reason}: {error}" : $"{reason}: {error.TrimEnd('.')}. {cause.Advice}")
        {
            // The reason is not printed twice.
            LastLines = [.. lines.TakeLast(MaximumLines).Select(Shortened)
                .Where(l => error is null || !l.EndsWith(error, StringComparison.Ordinal))],
            LogFile = logFile,
        };
    }

    /// <summary>The failure as part of a longer story.</summary>
    public Failure After(string before) => this with { Reason = $"{before}: {Reason}" };

    public override string ToString() => Reason;

    private static string Shortened(string line) => line.Length > MaximumLength ? string.Concat(line.AsSpan(0, MaximumLength), "…") : line;
}
