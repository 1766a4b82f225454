using System.Text.Json;
using LiveClin.Core.Formats;

namespace LiveClin.Core.Results;

/// <summary>
/// What tells runs of one name apart: the name, plus what differs between its namesakes on the same release:
/// <c>gpt-x · T 0.7</c>, <c>gpt-x · no images</c>. A condition that is not the published one is always named; a name that people gave
/// stands in the place of all other differences.
/// </summary>
public static class RunLabels
{
    private const string Separator = " · ";
    private const int LongestValue = 24;

    private static readonly Dictionary<string, string> KnownFields = new(StringComparer.Ordinal)
    {
        ["temperature"] = "T", ["top_p"] = "top-p", ["max_tokens"] = "max", ["max_completion_tokens"] = "max",
    };

    /// <summary>The label of every identity among these runs.</summary>
    public static IReadOnlyDictionary<string, string> ByIdentity(IEnumerable<RunInfo> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        // An identity takes longer to work out than all the rest: once for each run.
        return runs.OrderBy(run => run.Name is null).Select(run => (Run: run, run.Specification.Identity)).DistinctBy(each => each.Identity)
            .GroupBy(each => (each.Run.Specification.ReleaseSha256, each.Run.Specification.Model))
            .SelectMany(Label)
            .ToDictionary(StringComparer.Ordinal);
    }

    private static IEnumerable<KeyValuePair<string, string>> Label(IEnumerable<(RunInfo Run, string Identity)> namesakes)
    {
        var settings = namesakes
            .Select(each => (each.Identity, each.Run.Specification.Model, each.Run.IsImported, Words: Describe(each.Run)))
            .ToList();
        var own = settings.Where(setting => !setting.IsImported).ToList(); // what is not known of an import makes no difference
        var differing = own.SelectMany(setting => setting.Words.Keys).Distinct()
            .Where(field => own.Select(setting => setting.Words.GetValueOrDefault(field)).Distinct().Count() > 1)
            .ToHashSet(StringComparer.Ordinal);
        if (own.Count > 0) differing.Add(Source);
        var labelled = settings.Select(setting => (setting.Identity, Label: string.Join(Separator,
            [setting.Model, .. setting.Words.Where(word => IsSaid(word.Key, setting.Words)).Select(word => word.Value)])))
                .ToList();
        // Settings of which one only lacks a field could come out alike; then the identity tells.
        foreach (var same in labelled.GroupBy(each => each.Label))
            foreach (var (identity, label) in same)
                yield return KeyValuePair.Create(identity, same.Count() == 1 ? label : label + Separator + identity[..6]);

        bool IsSaid(string field, Dictionary<string, string> words) =>
            field is Condition or Name || (differing.Contains(field) && !words.ContainsKey(Name));
    }

    private const string Condition = "condition";
    private const string Source = "source";
    private const string Name = "name";

    // Field → words, in the order in which they are named. What goes without saying has no words.
    private static Dictionary<string, string> Describe(RunInfo run)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        var specification = run.Specification;
        if (run.Name is { } name) words[Name] = name;
        if (specification.Condition != RunSpecification.Published) words[Condition] = specification.Condition.Replace('-', ' ');
        if (run.IsImported)
        {
            words[Source] = "imported";
            return words; // of its parameters nothing is known
        }

        if (specification.ApiId != specification.Model) words["served name"] = $"as {specification.ApiId}";
        if (specification.ImageMode == "url") words["images"] = "images by address";
        if (specification.AllowMissingImages) words["missing images"] = "missing images left out";
        using var parameters = JsonDocument.Parse(CanonicalJson.Of(specification.ParametersJson));
        foreach (var field in parameters.RootElement.EnumerateObject().OrderByDescending(field => KnownFields.ContainsKey(field.Name))
            .ThenByDescending(field => field.Name == "temperature"))
            words["parameter " + field.Name] = $"{KnownFields.GetValueOrDefault(field.Name, field.Name)} {Shorten(field.Value.ToString())}";
        if (!parameters.RootElement.TryGetProperty("temperature", out _)) words["parameter temperature"] = "T default";
        return words;
    }

    private static string Shorten(string value) => value.Length <= LongestValue ? value : value[..LongestValue] + "…";
}
