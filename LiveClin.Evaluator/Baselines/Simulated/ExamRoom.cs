using System.Collections.Immutable;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Simulated;

namespace LiveClin.Evaluator.Baselines.Simulated;

/// <summary>Where simulated examinees answer: finds what they are asked in the release, and sees what they would see.</summary>
internal sealed class ExamRoom(Release release)
{
    private readonly ExamPaper _paper = ExamPaper.Of(release.Cases);
    private readonly QuestionFinder _finder = new(release.Cases);
    private readonly FigureCheck _figures = new(release.ImageRoot);

    /// <summary>The letter that an examinee gives to a conversation's last question.</summary>
    /// <param name="examinee">The examinee.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="seed">The request's seed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ChatRequestException">The question is none of the release's.</exception>
    public async Task<string> AnswerAsync(Examinee examinee, ImmutableArray<ChatMessage> messages, long? seed,
        CancellationToken cancellationToken)
    {
        string[] questions = [.. messages.Where(message => message.IsUser).Select(message => message.Text)];
        if (_finder.Find(AskedQuestion.Read(questions), questions.Length - 1) is not { } found)
        {
            throw new ChatRequestException(
                $"'{examinee.Name}' answers questions of the release {release.JsonlPath} and no others. Start the server with the release that is evaluated.", "messages");
        }

        // Read before the examinee thinks: only figures that belong to the question cost anything.
        var sees = await _figures.AreShownAsync(found.Case, found.Question, messages, cancellationToken);
        return examinee.Answer(new Sitting
        {
            Paper = _paper,
            Question = found.Known,
            Options = found.Options,
            IsKeyInItsWords = found.IsKeyInItsWords,
            Seed = seed,
            HasErred = () => HasErred(messages),
            SeesFigures = () => sees,
        });
    }

    // An error is a reply in the conversation whose letter is not the key of the question before it, whoever wrote it there.
    private bool HasErred(ImmutableArray<ChatMessage> messages)
    {
        var questions = new List<string>();
        foreach (var message in messages)
        {
            if (message.IsUser) questions.Add(message.Text);
            else if (message.IsAssistant && questions.Count > 0 && IsWrong(questions, message.Text)) return true;
        }

        return false;
    }

    private bool IsWrong(List<string> questions, string reply) =>
        _finder.Find(AskedQuestion.Read([.. questions]), questions.Count - 1) is { } found
            && AnswerExtractor.Extract(reply).Letter != found.Right;
}
