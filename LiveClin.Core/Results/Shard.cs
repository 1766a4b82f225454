using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LiveClin.Core.Results;

/// <summary>
/// One of N parts of a release: of so many cases, those whose position leaves a remainder of <see cref="Index"/> − 1 when divided by
/// <see cref="Count"/>. Neighbours, which come from one chapter, go to different shards.
/// </summary>
/// <param name="Index">Which one, from 1.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct Shard(int Index, int Count)
{
    /// <summary>Most shards.</summary>
    public const int Most = 10_000;

    /// <summary>What a shard may be, in words.</summary>
    public static string Rule =>
        $"must be I/N with 1 <= I <= N <= {Most}, or auto (the task of a Slurm array), or auto/N (the pod of an indexed Kubernetes job)";

    /// <summary>True when a case belongs to it.</summary>
    /// <param name="caseOrdinal">Position of the case in the release, from 0.</param>
    public bool Includes(int caseOrdinal) => caseOrdinal % Count == Index - 1;

    /// <summary><c>2/4</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Count}");

    /// <summary>Reads <c>I/N</c>.</summary>
    public static bool TryParse(string text, out Shard shard)
    {
        shard = default;
        if (text?.Split('/') is not [var index, var count] || !Read(index, out var i) || !Read(count, out var n) || i < 1 || i > n
            || n > Most) return false;
        shard = new Shard(i, n);
        return true;
    }

    /// <summary>
    /// Reads what a person or a job gives. The environment is looked at only where <c>auto</c> says so: an array over models must never
    /// shard by itself.
    /// </summary>
    /// <param name="text"><c>I/N</c>, <c>auto</c> or <c>auto/N</c>.</param>
    /// <param name="environment">A variable of the environment by name; null when it is not set.</param>
    /// <exception cref="FormatException">It is none; says why.</exception>
    public static Shard Resolve(string text, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(environment);
        if (text == "auto") return OfSlurm(environment);
        if (text.StartsWith("auto/", StringComparison.Ordinal))
        {
            var index = Require(environment, "JOB_COMPLETION_INDEX", "auto/N is for the pods of an indexed Kubernetes job");
            return TryParse(string.Create(CultureInfo.InvariantCulture, $"{index + 1}/{text["auto/".Length..]}"), out var pod)
                ? pod : throw new FormatException($"'{text}' with JOB_COMPLETION_INDEX={index} is no shard; it {Rule}.");
        }

        return TryParse(text, out var shard) ? shard : throw new FormatException($"'{text}' is no shard; it {Rule}.");
    }

    private static Shard OfSlurm(Func<string, string?> environment)
    {
        const string why = "auto is for the tasks of a Slurm array";
        var (id, first) = (Require(environment, "SLURM_ARRAY_TASK_ID", why), Require(environment, "SLURM_ARRAY_TASK_MIN", why));
        var count = Require(environment, "SLURM_ARRAY_TASK_COUNT", why);
        var index = id - first + 1;
        // An array such as 1,3,9 or 0-9:2 has numbers that are not its places.
        return index >= 1 && index <= count && count <= Most
            ? new Shard(index, count)
            : throw new FormatException(
                $"auto: task {id} of a Slurm array that begins at {first} and has {count} tasks is no shard. Number the array without gaps, such as --array=1-{count}.");
    }

    private static int Require(Func<string, string?> environment, string name, string why)
    {
        if (environment(name) is not { Length: > 0 } text) throw new FormatException($"{name} is not set; {why}.");
        return Read(text, out var value) ? value : throw new FormatException($"{name} is '{text}', which is no number.");
    }

    private static bool Read([NotNullWhen(true)] string? text, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
