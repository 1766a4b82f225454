using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Core.Cases;

namespace LiveClin.Core.Conditions;

/// <summary>
/// Histories in which the earlier assistant turns say a given letter, in the published form. The model's own replies are scored and never
/// sent.
/// </summary>
internal static class ForcedHistory
{
    /// <summary>The right letters, as shown.</summary>
    public static ShownCase Gold(ShownCase shown) => shown with
    {
        History = [.. shown.Case.Questions.Select(question => Boxed(question.Key))],
    };

    /// <summary>
    /// Wrong letters: of the options whose text is not the key's, the one with the smallest hash of
    /// <c>wrong-history:SEED\nCASE\nQUESTION\nPUBLISHED LETTER</c>. Null when a question that has others after it offers none.
    /// </summary>
    public static ShownCase? Wrong(ShownCase shown, int seed)
    {
        var history = ImmutableArray.CreateBuilder<string>();
        foreach (var question in shown.Case.Questions)
        {
            var letter = WrongLetter(shown, question, seed);
            if (letter is null && question.Index < shown.Case.Questions.Length - 1) return null;
            history.Add(letter is null ? "" : Boxed(letter)); // what stands after the last question is never sent
        }

        return shown with { History = history.ToImmutable() };
    }

    private static string? WrongLetter(ShownCase shown, Question question, int seed)
    {
        var key = question.Options.FirstOrDefault(option => string.Equals(option.Letter, question.Key, StringComparison.OrdinalIgnoreCase));
        return Enumerable.Range(0, question.Options.Length)
            .Where(place => question.Options[place].Text != key?.Text)
            .OrderBy(
                place => SeededOrder.Of(
                    string.Create(CultureInfo.InvariantCulture, $"wrong-history:{seed}"), shown.Name,
                    question.Index.ToString(CultureInfo.InvariantCulture),
                    shown.PublishedLetters[question.Index][place].ToUpperInvariant()),
                StringComparer.Ordinal)
            .Select(place => question.Options[place].Letter.ToUpperInvariant())
            .FirstOrDefault();
    }

    private static string Boxed(string letter) => $"\\boxed{{{letter}}}";
}
