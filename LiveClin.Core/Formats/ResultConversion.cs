using System.Collections.Immutable;
using System.Text.Json;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Core.Text;

namespace LiveClin.Core.Formats;

/// <summary>Turns stored answers into the published formats' records, and published records back into outcomes.</summary>
public static class ResultConversion
{
    /// <summary>A case with a run's answers as the v1 results file has it; a question without an answer is recorded as skipped.</summary>
    /// <param name="case">The case.</param>
    /// <param name="answers">The run's answers to it, in any order.</param>
    /// <param name="letters">
    /// From a question's letters as it was shown to the release's; each letter stands for itself unless given.
    /// </param>
    public static V1Case ToV1(Case @case, IEnumerable<Answer> answers, Func<Question, LetterMap>? letters = null)
    {
        var byQuestion = answers.ToDictionary(a => a.QuestionIndex);
        using var written = JsonDocument.Parse(@case.Json, new JsonDocumentOptions { MaxDepth = 512 });
        return new V1Case
        {
            CaseId = @case.Id,
            Pmc = @case.Pmc,
            Doi = @case.Doi,
            RarityJson = written.RootElement.TryFind("Rarity", out var rarity) ? rarity.GetRawText() : "\"unknown\"",
            Level1 = @case.Chapter ?? "",
            Level2 = @case.Subcategory ?? "",
            Mcqs = [.. @case.Questions.Select(question => ToV1(
                @case, question, KeyOf(written.RootElement, question), byQuestion.GetValueOrDefault(question.Index),
                letters?.Invoke(question) ?? LetterMap.Identity))],
        };
    }

    /// <summary>An item of a core file's <c>evaluate</c>.</summary>
    /// <param name="model">The model's display name.</param>
    /// <param name="answer">The stored answer; null when the question was not asked.</param>
    /// <param name="prompt">The user message's text.</param>
    /// <param name="imagePathsSent">The images sent with it, as named in the release.</param>
    public static CoreEntry ToCore(string model, Answer? answer, string? prompt, IEnumerable<string> imagePathsSent) => new()
    {
        ModelId = model,
        Prompt = prompt,
        Response = Trimmed(answer),
        ExtractedAnswer = answer?.Letter,
        IsCorrect = answer is { IsCorrect: true },
        ApiError = Error(answer),
        ImagePathsSent = [.. imagePathsSent],
    };

    /// <summary>The outcome that a published record tells of.</summary>
    /// <param name="response">The reply; null when there is none.</param>
    /// <param name="letter">The letter found in it.</param>
    /// <param name="isCorrect">Whether it is the key.</param>
    /// <param name="error">The recorded error.</param>
    public static Outcome OutcomeOf(string? response, string? letter, bool isCorrect, string? error)
    {
        if (isCorrect) return Outcome.Correct;
        if (response is not null) return letter is null ? Outcome.Unparsed : Outcome.Wrong;
        if (error is null || error.Contains("skipped", StringComparison.OrdinalIgnoreCase)) return Outcome.NotRun;
        return error.Contains("content_filter", StringComparison.OrdinalIgnoreCase) ? Outcome.Filtered : Outcome.Failed;
    }

    private static V1Mcq ToV1(Case @case, Question question, string key, Answer? answer, LetterMap letters)
    {
        // As published: a question that was never sent has no types.
        var asked = answer is not null && answer.Outcome != Outcome.NotRun;
        var scenario = question.Index == 0;
        var letter = LetterOfV1(answer, letters);
        return new V1Mcq
        {
            Stage = question.Stage ?? "",
            Index = question.Index,
            CorrectAnswer = key,
            ExtractedAnswer = letter,
            IsCorrect = letter == answer?.Letter ? answer is { IsCorrect: true } : letter == question.Key,
            Response = Trimmed(answer),
            Error = Error(answer),
            ImageTypes = asked
                ? Types([.. scenario ? @case.Figures.Select(f => f.Type) : [], .. question.Figures.Select(f => f.Type)]) : [],
            TableTypes = asked ? Types([.. scenario ? @case.Tables.Select(t => t.Type) : [], .. question.Tables.Select(t => t.Type)]) : [],
        };
    }

    // The v1 tool's own rule, which takes longer lines of one letter (`c . . .`), stands in its own file. A letter that is not what
    // core's rule finds came from elsewhere (an import, a rescoring) and stays.
    private static string? LetterOfV1(Answer? answer, LetterMap letters)
    {
        if (answer?.Reply is not { } reply || answer.Rule is ExtractionRule.Boxed or ExtractionRule.Phrase) return answer?.Letter;
        return AnswerExtractor.Extract(reply, ExtractionProtocol.Core).Letter == answer.ShownLetter
            ? letters.ToPublished(AnswerExtractor.Extract(reply, ExtractionProtocol.V1).Letter)
            : answer.Letter;
    }

    // The store keeps a reply as it came; the published tools trim it.
    private static string? Trimmed(Answer? answer) => answer?.Reply is { } reply ? PythonText.Strip(reply) : null;

    // The key as the release has it, which may be in lower case.
    private static string KeyOf(JsonElement root, Question question) =>
        root.TryFind("exam_creation", out var exam) && exam.TryFind("final_policy", out var policy) && policy.TryFind("mcqs", out var mcqs)
        && mcqs[question.Index].TryFind("correct_answer", out var key) && key.ValueKind == JsonValueKind.String
            ? key.GetString()! : question.Key;

    private static string? Error(Answer? answer) => answer switch
    {
        null => "Skipped: not run",
        { Reply: not null } => null,
        { Outcome: Outcome.NotRun } => Prefixed("Skipped", answer.ErrorMessage ?? "not run"),
        // The published tools look for the word content_filter.
        { Outcome: Outcome.Filtered } => Prefixed("content_filter", answer.ErrorMessage ?? "refused by the provider"),
        _ => answer.ErrorMessage ?? answer.ErrorKind ?? "failed",
    };

    private static string Prefixed(string word, string message) =>
        message.Contains(word, StringComparison.OrdinalIgnoreCase) ? message : $"{word}: {message}";

    private static ImmutableArray<string> Types(IEnumerable<string?> types) => [.. types.OfType<string>().Where(type => type.Length > 0)];
}
