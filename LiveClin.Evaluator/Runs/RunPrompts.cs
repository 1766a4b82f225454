using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Conversations;
using LiveClin.Evaluator.Images;

namespace LiveClin.Evaluator.Runs;

/// <summary>A prompt that has joined a conversation.</summary>
/// <param name="Prompt">As it is stored.</param>
/// <param name="NewImages">Its images that the run has not seen before.</param>
internal sealed record AddedPrompt(SentPrompt Prompt, IReadOnlyList<RunImage> NewImages);

/// <summary>Puts a run's prompts into conversations, and sees to it that they are what the run asked before.</summary>
internal sealed class RunPrompts(RunPlan plan, ImageLibrary images, ImageRecord seen)
{
    /// <summary>A conversation without a message yet.</summary>
    public Conversation Begin() => new(images);

    /// <summary>Adds a turn's prompt.</summary>
    /// <exception cref="RunHaltedException">An image cannot be read any more, or text or images have changed.</exception>
    public async Task<AddedPrompt> AddAsync(Conversation conversation, HeldConversation held, AskedTurn turn)
    {
        var (planned, question, prompt) = (held.Planned, turn.Question, turn.Prompt);
        try
        {
            var sent = await conversation.AskAsync(prompt).ConfigureAwait(false);
            var added = new AddedPrompt(sent, seen.Check(prompt, sent));
            return held.KnownPromptHash(plan, question) is not { } known || known == sent.Hash
                ? added
                : throw new RunRefusedException(
                    $"Question {question.Index + 1} of case {planned.Case.Id} is not what run {plan.Run.Id} asked before: its text or images have changed. Begin another run with --fresh.");
        }
        catch (RunRefusedException error)
        {
            throw new RunHaltedException(error.Message, error) { IsRefusal = true };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RunHaltedException(
                $"Case {planned.Case.Id} (line {planned.Case.Line}): an image could be found before the run but cannot be read now: {error.Message}", error);
        }
    }
}
