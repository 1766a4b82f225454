namespace LiveClin.Stats.ResultSets;

/// <summary>Finds the one model of a set that a name or a run's identifier means.</summary>
internal static class ModelChoice
{
    /// <summary>The model of this run, or of this name when no other has it.</summary>
    /// <param name="set">The set.</param>
    /// <param name="given">A name as it is shown or as the source has it, a run's identifier, or an unambiguous beginning of one.</param>
    /// <exception cref="ModelChoiceException">Nothing, or more than one, is meant.</exception>
    public static ModelResults Find(ResultSet set, string given)
    {
        if (given.EndsWith(" (1)", StringComparison.Ordinal) && Namesakes(set, given[..^" (1)".Length]) is [var first, _, ..]) return first;
        if (set.Models.FirstOrDefault(m => m.RunId == given) is { } run) return run;
        var namesakes = Namesakes(set, given);
        if (namesakes.Count > 1)
            throw new ModelChoiceException(
                $"'{given}' fits {namesakes.Count} results: {string.Join(", ", namesakes.Select(Describe))}. Name one of them by what stands here in quotes.");
        if (set.FindModel(given) is { } named) return named;
        return set.Models.Where(m => m.RunId?.StartsWith(given, StringComparison.Ordinal) == true).ToList() switch
        {
            [var only] => only,
            [] => throw new ModelChoiceException(
                $"there is no model '{given}'; there are: {string.Join(", ", set.Models.Select(m => m.Model))}.") { IsUnknown = true },
            var several => throw new ModelChoiceException(
                $"'{given}' begins {several.Count} runs: {string.Join(", ", several.Select(m => m.RunId))}. Give more of it."),
        };
    }

    private static List<ModelResults> Namesakes(ResultSet set, string given) => [.. set.Models.Where(m => m.SourceName == given)];

    // The first of several has the bare name, which fits them all.
    private static string Describe(ModelResults model) =>
        model.RunId is { } run ? $"'{run}' ({model.Model})" : model.Model == model.SourceName ? $"'{model.Model} (1)'" : $"'{model.Model}'";
}

/// <summary>What was named is no single model. The message says why and what there is.</summary>
public sealed class ModelChoiceException(string message) : Exception(message)
{
    /// <summary>True when nothing has that name.</summary>
    public bool IsUnknown { get; init; }
}
