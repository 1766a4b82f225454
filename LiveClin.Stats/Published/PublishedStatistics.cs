using System.Text.Json;
using LiveClin.Core.Answers;
using LiveClin.Core.Formats;
using LiveClin.Core.Statistics;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Published;

/// <summary>The published statistics of a set, as the published tools would compute them from its exported files.</summary>
public static class PublishedStatistics
{
    /// <summary>The core statistics over all models of the set.</summary>
    /// <param name="set">The results.</param>
    /// <param name="source">Where they come from; stands where the published file has its folder.</param>
    /// <param name="ignoredModels">Models to leave out.</param>
    public static CoreStatistics Core(ResultSet set, string source, IReadOnlyCollection<string> ignoredModels) =>
        CoreAnalyzer.Analyze(source, set.Cases.OrderBy(c => c.FileName, Comparer<string>.Create(PythonFormat.Compare))
            .Select(@case => ToCore(set, @case)), ignoredModels);

    /// <summary>One model's results as a v1 file would hold them, without the texts.</summary>
    public static V1Results V1(ResultSet set, ModelResults model) => new()
    {
        Meta = new V1Meta { Model = model.Model, Dataset = set.Release },
        Cases = [.. set.Cases.Where(@case => model.Covers[@case.Index]).Select(@case => new V1Case
        {
            CaseId = @case.Id,
            RarityJson = JsonSerializer.Serialize(@case.Rarity ?? "unknown", StatsJsonContext.Default.String),
            Level1 = @case.Chapter ?? "",
            Level2 = @case.Subcategory ?? "",
            Mcqs = [.. @case.Questions.Select(question => ToV1(question, model.Answers[@case.FirstQuestion + question.Index]))],
        })],
    };

    private static CoreCaseResult ToCore(ResultSet set, CaseFacts @case) => new(@case.FileName, new CoreCaseFile
    {
        FileName = @case.FileName,
        Rarity = @case.Rarity ?? "Unknown",
        Scenario = @case.Scenario,
        Questions = [.. @case.Questions.Select(question => new CoreQuestion
        {
            Entries = [.. set.Models.Where(model => model.Covers[@case.Index]).Select(model =>
            {
                var answer = model.Answers[@case.FirstQuestion + question.Index];
                return new CoreEntry { ModelId = model.Model, Response = answer.HasReply ? "" : null, IsCorrect = answer.IsCorrect };
            })],
        })],
    }, null);

    private static V1Mcq ToV1(QuestionFacts question, AnswerFacts answer) => new()
    {
        Stage = question.Stage ?? "",
        Index = question.Index,
        CorrectAnswer = question.Key,
        ExtractedAnswer = answer.Letter?.ToString(),
        IsCorrect = answer.IsCorrect,
        Error = answer.HasReply ? null : answer.ErrorKind ?? "not run",
        // As published: a question that was never sent has no types.
        ImageTypes = answer.Outcome == Outcome.NotRun ? [] : question.ImageTypes,
        TableTypes = answer.Outcome == Outcome.NotRun ? [] : question.TableTypes,
    };
}
