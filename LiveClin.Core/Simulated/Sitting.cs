using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LiveClin.Core.Simulated;

/// <summary>An option as an examinee is shown it.</summary>
/// <param name="Letter">Its letter as shown, upper case.</param>
/// <param name="Published">The letter of the same option in the release; null for one that the release does not have.</param>
public sealed record ShownOption(string Letter, string? Published);

/// <summary>One question put to a simulated examinee, with everything that its answer can depend on.</summary>
public sealed class Sitting
{
    /// <summary>The release.</summary>
    public required ExamPaper Paper { get; init; }

    /// <summary>The question, as the release has it.</summary>
    public required ExamQuestion Question { get; init; }

    /// <summary>The options as shown.</summary>
    public required ImmutableArray<ShownOption> Options { get; init; }

    /// <summary>Tells whether an earlier answer of this conversation was wrong.</summary>
    public required Func<bool> HasErred { get; init; }

    /// <summary>Tells whether every figure that belongs to the question is there, unchanged; true where none belongs to it.</summary>
    public required Func<bool> SeesFigures { get; init; }

    /// <summary>False when the right option does not stand there in the release's words.</summary>
    public bool IsKeyInItsWords { get; init; } = true;

    /// <summary>The seed of the request; null where it has none.</summary>
    public long? Seed { get; init; }

    /// <summary>The letter of the right option, as shown.</summary>
    public string Right => Options.FirstOrDefault(option => option.Published == Question.Key)?.Letter ?? Question.Key;

    /// <summary>The first letter that is offered.</summary>
    public string First => Options.IsEmpty ? "A" : Options[0].Letter;

    /// <summary>A seeded wrong letter: it stands for the same option in whatever order the options are shown.</summary>
    public string Wrong => Options.Where(option => option.Letter != Right && option.Letter is [>= 'A' and <= 'J'])
        .MinBy(option => ExamPaper.Order(Question.CaseName, Question.Index, option.Published ?? option.Letter), StringComparer.Ordinal)
            ?.Letter
        ?? (Right == "A" ? "B" : "A");

    /// <summary>True when the question is among the easiest ones that a percentage of the release is.</summary>
    /// <param name="percent">The percentage.</param>
    /// <param name="part">1, or 2 for half as many (rounded down), and so on.</param>
    public bool IsWithin(int percent, int part = 1) => Paper.PlaceOf(Question) < Paper.Share(percent) / part;

    /// <summary>True with a probability of so many percent: by the request's seed and the question, else by chance.</summary>
    public bool Draws(int percent)
    {
        if (Seed is not { } seed) return Random.Shared.Next(100) < percent;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"noisy\n{seed}\n{Question.CaseName}\n{Question.Index}")));
        return BinaryPrimitives.ReadUInt64BigEndian(hash) % 100 < (ulong)percent;
    }

    /// <summary>The letter, where it is offered; else the first one.</summary>
    public string Offered(string letter) => Options.Any(option => option.Letter == letter) ? letter : First;

    /// <summary>The question as published: options in their order, every figure there.</summary>
    /// <param name="paper">The release.</param>
    /// <param name="question">The question.</param>
    /// <param name="hasErred">Whether an earlier answer of the conversation was wrong.</param>
    public static Sitting Published(ExamPaper paper, ExamQuestion question, bool hasErred) => new()
    {
        Paper = paper,
        Question = question,
        Options = [.. question.Letters.Select(letter => new ShownOption(letter, letter))],
        HasErred = () => hasErred,
        SeesFigures = static () => true,
    };
}
