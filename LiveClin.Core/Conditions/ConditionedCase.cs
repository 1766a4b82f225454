using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;

namespace LiveClin.Core.Conditions;

/// <summary>One question as it is asked under a condition.</summary>
/// <param name="Question">The question as shown: its options, its key.</param>
/// <param name="Prompt">The user message.</param>
/// <param name="ForcedReply">What stands in the conversation's history in place of the model's reply; null for that reply itself.</param>
/// <param name="Letters">From its letters as shown to the release's.</param>
/// <param name="IsChanged">
/// True when this question's request differs from the published one in a user message, an image or the forced history.
/// </param>
public sealed record AskedTurn(Question Question, TurnPrompt Prompt, string? ForcedReply, LetterMap Letters, bool IsChanged);

/// <summary>A case as it is asked under a condition.</summary>
public sealed class ConditionedCase
{
    internal ConditionedCase(ShownCase shown, ImmutableArray<TurnPrompt> prompts, ImmutableArray<TurnPrompt> published)
    {
        Case = shown.Case;
        IsApart = shown.IsApart;
        var turns = ImmutableArray.CreateBuilder<AskedTurn>(prompts.Length);
        var isChanged = false;
        for (var i = 0; i < prompts.Length; i++)
        {
            // What was said before belongs to the request, unless every question stands alone.
            var isLonger = i > 0 && (IsApart || shown.History.Length > 0);
            isChanged = isLonger || (isChanged && !IsApart) || !prompts[i].SendsSameAs(published[i]);
            var letters = new LetterMap(shown.Case.Questions[i].Options.Select(option => option.Letter), shown.PublishedLetters[i]);
            turns.Add(new AskedTurn(shown.Case.Questions[i], prompts[i], shown.History.IsEmpty ? null : shown.History[i], letters,
                isChanged));
        }

        Turns = turns.MoveToImmutable();
    }

    /// <summary>The case with what is shown of it.</summary>
    public Case Case { get; }

    /// <summary>The questions, in order.</summary>
    public ImmutableArray<AskedTurn> Turns { get; }

    /// <summary>True when every question is asked in a conversation of its own.</summary>
    public bool IsApart { get; }

    /// <summary>True when at least one request differs from the published ones.</summary>
    public bool IsChanged => Turns.Any(turn => turn.IsChanged);

    /// <summary>SHA-256 of everything that is asked: texts, names of images, forced replies; lower-case hexadecimal.</summary>
    public string Hash => field ??= Compute();

    private string Compute()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = new byte[sizeof(int)];
        Append(IsApart ? "apart" : "together");
        foreach (var turn in Turns)
        {
            Append(turn.Prompt.Text);
            Append(string.Join('\n', turn.Prompt.Images.Select(image => $"{(image.IsBlank ? "blank " : "")}{image.File ?? image.Url}")));
            Append(turn.ForcedReply ?? "");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        // The length in front: no two lists of texts give the same bytes.
        void Append(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
    }
}
