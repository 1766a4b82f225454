using System.Globalization;
using LiveClin.Core.Formats;

namespace LiveClin.Core.Exchange;

/// <summary>Writes a run's results into the published v1 format.</summary>
public static class RunExporter
{
    /// <summary>A run's results in the published v1 format, the published summary included.</summary>
    public static V1Results ToV1(RunResults results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var specification = results.Run.Specification;
        return new V1Results
        {
            Meta = new V1Meta
            {
                Model = specification.ModelUnderCondition,
                Dataset = specification.ReleaseName,
                ImageMode = specification.ImageMode,
                ApiBase = specification.Endpoint,
                StartedAt = Time(results.Run.StartedAt),
                FinishedAt = results.Run.FinishedAt is { } finished ? Time(finished) : null,
            },
            Cases = [.. results.Release.Cases.Select(@case =>
                ResultConversion.ToV1(@case, results.Of(@case), question => results.LettersOf(@case, question)))],
        };
    }

    /// <summary>Writes the published v1 results file.</summary>
    /// <exception cref="IOException">It cannot be written; an existing file is untouched.</exception>
    public static void WriteV1(RunResults results, string path) => V1ResultsFile.Write(path, ToV1(results));

    // As Python's isoformat prints it.
    private static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+00:00'", CultureInfo.InvariantCulture);
}
