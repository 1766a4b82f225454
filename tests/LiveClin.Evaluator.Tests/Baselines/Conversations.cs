using System.Collections.Immutable;
using System.Security.Cryptography;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Simulated;
using LiveClin.Evaluator.Baselines;
using LiveClin.Evaluator.Baselines.Simulated;

namespace LiveClin.Evaluator.Tests.Baselines;

/// <summary>Holds the published conversations with a simulated examinee, or others made of them.</summary>
internal sealed class Conversations(Release release)
{
    private readonly ExamRoom _room = new(release);
    private readonly ImageResolver _images = new(release.ImageRoot);

    /// <summary>Makes another case of a case before it is asked; its key is what counts as right.</summary>
    public Func<Case, Case> Condition { get; init; } = clinicalCase => clinicalCase;

    /// <summary>Makes another message of a message before it is sent.</summary>
    public Func<string, string> Message { get; init; } = text => text;

    /// <summary>Makes other images of a message's images (hashes) before they are sent.</summary>
    public Func<ImmutableArray<string>, ImmutableArray<string>> Images { get; init; } = images => images;

    /// <summary>Makes another reply of a reply and the key before it goes into the history.</summary>
    public Func<string, string, string> History { get; init; } = (reply, _) => reply;

    /// <summary>What an examinee gets right, by case and question.</summary>
    public async Task<bool[][]> HoldAsync(string examinee)
    {
        var right = new List<bool[]>();
        foreach (var clinicalCase in release.Cases.Select(Condition)) right.Add(await HoldAsync(Examinee.Find(examinee)!, clinicalCase));
        return [.. right];
    }

    /// <summary>Correct questions and cases.</summary>
    public async Task<(int Questions, int Cases)> ScoreAsync(string examinee)
    {
        var right = await HoldAsync(examinee);
        return (right.Sum(answers => answers.Count(isRight => isRight)), right.Count(answers => answers.All(isRight => isRight)));
    }

    private async Task<bool[]> HoldAsync(Examinee examinee, Case clinicalCase)
    {
        var messages = ImmutableArray.CreateBuilder<ChatMessage>();
        var right = new List<bool>();
        foreach (var turn in PromptBuilder.Build(clinicalCase, ImageMode.Local, _images.Find))
        {
            ImmutableArray<string> images =
                [.. turn.Images.Select(image => ImageDigest.Name(SHA256.HashData(File.ReadAllBytes(image.Path!))))];
            messages.Add(new ChatMessage("user", Message(turn.Text), Images(images)));
            var letter = await _room.AnswerAsync(examinee, messages.ToImmutable(), null, TestContext.Current.CancellationToken);
            var key = clinicalCase.Questions[turn.QuestionIndex].Key;
            messages.Add(new ChatMessage("assistant", History($"\\boxed{{{letter}}}", key), []));
            right.Add(AnswerExtractor.Extract($"\\boxed{{{letter}}}").Letter == key);
        }

        return [.. right];
    }
}
