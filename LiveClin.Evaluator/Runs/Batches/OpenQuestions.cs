using System.Text.RegularExpressions;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Conversations;

namespace LiveClin.Evaluator.Runs.Batches;

/// <summary>A question of a run.</summary>
/// <param name="Planned">Its conversation.</param>
/// <param name="Turn">Its turn.</param>
internal sealed record BatchQuestion(PlannedConversation Planned, AskedTurn Turn)
{
    /// <summary>What names it in a batch: epoch, case and question.</summary>
    public string Id => $"e{Planned.Epoch}-c{Planned.Case.Ordinal}-q{Turn.Question.Index}";
}

/// <summary>Which of a plan's questions can be asked next, and what became of those before.</summary>
internal sealed partial class OpenQuestions(RunPlan plan, RunPrompts prompts)
{
    private readonly Dictionary<(int Epoch, int Case), PlannedConversation> _conversations =
        plan.Conversations.ToDictionary(conversation => conversation.Key);

    private readonly Dictionary<string, Answer> _answers = new(StringComparer.Ordinal);

    // Replies as they came, where what is stored differs.
    private readonly Dictionary<string, string> _raw = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _tries = new(StringComparer.Ordinal);

    /// <summary>The next question of every conversation, or all of them where none depends on a reply.</summary>
    public IEnumerable<BatchQuestion> Next() => plan.Open.SelectMany(NextOf);

    /// <summary>A question by its name; null when it is none of this plan's.</summary>
    public BatchQuestion? Find(string id)
    {
        // Sample: e1-c12-q0
        if (Name().Match(id) is not { Success: true } name) return null;
        if (!_conversations.TryGetValue((Number("epoch"), Number("case")), out var planned)) return null;
        var turn = plan.Asked[planned.Case].Turns.FirstOrDefault(turn => turn.Question.Index == Number("question"));
        return turn is null ? null : new BatchQuestion(planned, turn);

        int Number(string group) => int.TryParse(name.Groups[group].ValueSpan, out var number) ? number : -1;
    }

    /// <summary>True for what may name a question of the run.</summary>
    public static bool IsName(string id) => Name().IsMatch(id);

    /// <summary>The answer that stands, or that it has got now; null while it has none.</summary>
    public Answer? AnswerOf(BatchQuestion question) =>
        _answers.GetValueOrDefault(question.Id) ?? plan.Standing(question.Planned, question.Turn.Question);

    /// <summary>A question has its answer.</summary>
    /// <param name="question">The question.</param>
    /// <param name="answer">As it is stored.</param>
    /// <param name="raw">The reply as it came; null without one.</param>
    /// <returns>True when that ended its conversation.</returns>
    public bool Answered(BatchQuestion question, Answer answer, string? raw)
    {
        _answers[question.Id] = answer;
        if (raw is not null && raw != answer.Reply) _raw[question.Id] = raw;
        return !NextOf(question.Planned).Any();
    }

    /// <summary>True when every question of a conversation was answered correctly.</summary>
    public bool IsCorrect(PlannedConversation planned) =>
        plan.Asked[planned.Case].Turns.All(turn => AnswerOf(new BatchQuestion(planned, turn)) is { IsCorrect: true });

    /// <summary>Counts a try of a question without an answer; returns how many there were.</summary>
    public int CountTry(BatchQuestion question) => _tries[question.Id] = TriesOf(question) + 1;

    /// <summary>Tries so far that gave no answer.</summary>
    public int TriesOf(BatchQuestion question) => _tries.GetValueOrDefault(question.Id);

    /// <summary>The conversation up to a question, and its prompt.</summary>
    /// <exception cref="RunHaltedException">What was asked has changed.</exception>
    public async Task<(Conversation Conversation, AddedPrompt Prompt)> BuildAsync(BatchQuestion question)
    {
        var conversation = prompts.Begin();
        var asked = plan.Asked[question.Planned.Case];
        foreach (var turn in asked.IsApart ? [] : asked.Turns.TakeWhile(turn => turn.Question.Index < question.Turn.Question.Index))
        {
            var before = new BatchQuestion(question.Planned, turn);
            await prompts.AddAsync(conversation, new HeldConversation(question.Planned), turn).ConfigureAwait(false);
            if ((turn.ForcedReply ?? _raw.GetValueOrDefault(before.Id) ?? AnswerOf(before)?.Reply) is { } said) conversation.Reply(said);
        }

        return (conversation,
            await prompts.AddAsync(conversation, new HeldConversation(question.Planned), question.Turn).ConfigureAwait(false));
    }

    /// <summary>A question's prompt alone, as it is stored.</summary>
    /// <exception cref="RunHaltedException">What was asked has changed.</exception>
    public Task<AddedPrompt> PromptOfAsync(BatchQuestion question) =>
        prompts.AddAsync(prompts.Begin(), new HeldConversation(question.Planned), question.Turn);

    private IEnumerable<BatchQuestion> NextOf(PlannedConversation planned)
    {
        foreach (var turn in plan.Asked[planned.Case].Turns)
        {
            var question = new BatchQuestion(planned, turn);
            var answer = AnswerOf(question);
            if (answer is null) yield return question;
            if (answer?.Reply is null && !plan.Asked.Condition.HasIndependentTurns) yield break;
        }
    }

    [GeneratedRegex("^e(?<epoch>[0-9]{1,9})-c(?<case>[0-9]{1,9})-q(?<question>[0-9]{1,9})$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
