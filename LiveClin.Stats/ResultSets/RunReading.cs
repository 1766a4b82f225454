using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Evaluator.V1;

namespace LiveClin.Stats.ResultSets;

/// <summary>Reads the evaluator's runs from its contract.</summary>
internal static class RunReading
{
    /// <summary>A run, as far as choosing needs to know it.</summary>
    public static RunCandidate ToCandidate(Run run) => new(
        ToRunInfo(run), run.Progress?.QuestionsDone ?? 0, run.Coverage is { } coverage && coverage.CasesCovered < coverage.CasesInRelease,
        run.Active);

    /// <summary>A case that a run asks.</summary>
    public static Core.Results.RunCase ToRunCase(Evaluator.V1.RunCase asked) => new(asked.CaseOrdinal, asked.Hash,
    [
        .. asked.Questions.Select(question => new Core.Results.RunQuestion(
            question.Changed, question.PublishedLetters.Count == 0 ? LetterMap.Identity : LetterMap.Lettered(question.PublishedLetters))),
    ]);

    /// <summary>From the letters of a question as it was shown to the release's.</summary>
    public static LetterMap LettersOf(Core.Results.RunCase asked, int question) =>
        question < asked.Questions.Length ? asked.Questions[question].Letters : LetterMap.Identity;

    /// <summary>What a run asks and what people said of it.</summary>
    public static RunInfo ToRunInfo(Run run) => new()
    {
        Id = run.Id,
        Specification = new RunSpecification
        {
            Model = run.Model,
            ApiId = run.ApiId,
            Endpoint = run.Endpoint,
            ReleaseSha256 = run.ReleaseSha256,
            ReleaseName = run.ReleaseName,
            Condition = run.Condition.Length > 0 ? run.Condition : RunSpecification.Published,
            ImageMode = run.ImageMode == ImageMode.Url ? "url" : "local",
            AllowMissingImages = run.AllowMissingImages,
            ParametersJson = run.ParametersJson.Length > 0 ? run.ParametersJson : "{}",
        },
        Target = run.Target.Length > 0 ? RunTarget.Parse(run.Target) : RunTarget.Whole,
        Status = Core.Results.RunStatus.Running, // choosing goes by coverage
        StartedAt = run.StartedAt?.ToDateTimeOffset() ?? default,
        ProgramVersion = run.ProgramVersion,
        Machine = run.Machine,
        Source = run.Source.Length > 0 ? run.Source : RunInfo.Own,
        IsChosen = run.Chosen,
        IsHidden = run.Hidden,
    };
}
