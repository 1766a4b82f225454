using System.Collections.Immutable;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Controls;

/// <summary>
/// When cases were published and when models' training data ended: <c>LiveClin:PublicationDates</c> (a CSV file of case identifier and
/// date) and
/// <c>LiveClin:Models</c> (<c>Name</c> and <c>TrainingCutoff</c>) of the settings.
/// </summary>
public sealed class RecencyTable
{
    private readonly IReadOnlyDictionary<string, DateOnly> _dates;
    private readonly Func<string, DateOnly?> _cutoff;

    private RecencyTable(IReadOnlyDictionary<string, DateOnly> dates, Func<string, DateOnly?> cutoff) =>
        (_dates, _cutoff) = (dates, cutoff);

    /// <summary>Nothing is known of dates.</summary>
    public static RecencyTable Empty { get; } = new(ImmutableDictionary<string, DateOnly>.Empty, _ => null);

    /// <summary>One cut-off for every model.</summary>
    /// <param name="dates">When cases were published, by identifier.</param>
    /// <param name="cutoff">Last day of the training data.</param>
    public static RecencyTable Of(IReadOnlyDictionary<string, DateOnly> dates, DateOnly cutoff) => new(dates, _ => cutoff);

    /// <summary>Reads the settings; each of the two says nothing without the other.</summary>
    /// <exception cref="InvalidDataException">A cut-off is no date, or a line of the file is no case and date.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RecencyTable From(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var cutoffs = new Dictionary<string, DateOnly>(StringComparer.Ordinal);
        foreach (var model in configuration.GetSection("LiveClin:Models").GetChildren())
        {
            if (model["Name"] is not { Length: > 0 } name || model["TrainingCutoff"] is not { Length: > 0 } text) continue;
            cutoffs[name] = PublicationDates.Parse(text)
                ?? throw new InvalidDataException(
                    $"{model.Path}:TrainingCutoff is '{text}'; a date such as 2024-10-01 or 2024-10 was expected.");
        }

        if (configuration["LiveClin:PublicationDates"] is not { Length: > 0 } file || cutoffs.Count == 0) return Empty;
        return new RecencyTable(PublicationDates.Read(file), name => cutoffs.TryGetValue(name, out var cutoff) ? cutoff : null);
    }

    /// <summary>The recency gap of a model; null where its cut-off is not known, or no case has a date.</summary>
    /// <param name="set">The set.</param>
    /// <param name="model">The model's published results.</param>
    public RecencyGap? Find(ResultSet set, ModelResults model)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(model);
        return _cutoff(model.SourceName ?? model.Model) is { } cutoff && set.Cases.Any(clinicalCase => _dates.ContainsKey(clinicalCase.Id))
            ? RecencyGap.Of(set, model, _dates, cutoff)
            : null;
    }
}
