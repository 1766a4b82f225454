namespace LiveClin.Stats.Controls;

/// <summary>What the controls of several models found, in two sentences for those who read no table.</summary>
public static class ControlFindings
{
    private const int MostModels = 6;

    /// <summary>
    /// Which models' scores change under which condition, by the corrected test on questions, the clearest condition of each with its
    /// figures; empty where no condition can be tested.
    /// </summary>
    public static string Of(IEnumerable<ModelControls> models)
    {
        var tested = models.Where(model => model.Tests > 0).ToList();
        if (tested.Count == 0) return "";
        var told = tested.Where(model => model.Effects.Any(effect => effect.IsTold)).ToList();
        var more = told.Count > MostModels ? $"; and {told.Count - MostModels} more" : "";
        string[] sentences =
        [
            told.Count == 0 ? "" : $"{string.Join("; ", told.Take(MostModels).Select(Changes))}{more}.",
            Rest([.. tested.Except(told)]),
        ];
        return string.Join(' ', sentences.Where(sentence => sentence.Length > 0));
    }

    private static string Changes(ModelControls model)
    {
        var told = model.Effects.Where(effect => effect.IsTold).OrderBy(effect => effect.AdjustedQuestionP).ToList();
        var clearest = told[0];
        var others = told.Count > 1 ? $" (told as well: {string.Join(", ", told.Skip(1).Select(effect => effect.Condition))})" : "";
        return $"{model.Model} gets {(clearest.QuestionDifference.Difference < 0 ? "fewer" : "more")} right under {clearest.Condition}: "
            + $"{ControlText.Share(clearest.Questions)} of the changed questions instead of {ControlText.Share(clearest.PublishedQuestions)}, "
            + $"corrected p {ControlText.P(clearest.AdjustedQuestionP)}{others}";
    }

    private static string Rest(IReadOnlyList<ModelControls> untold)
    {
        if (untold.Count == 0) return "";
        var names = untold.Count <= MostModels ? string.Join(", ", untold.Select(model => model.Model)) : $"{untold.Count} others";
        return $"Of {names} no condition is told from the published way, which is no proof that none matters.";
    }
}
