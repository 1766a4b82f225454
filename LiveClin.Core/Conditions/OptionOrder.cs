using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Core.Cases;

namespace LiveClin.Core.Conditions;

/// <summary>
/// Options in another order, under the letters A, B, … without gaps. The key follows its option, not its text: texts may be equal.
/// </summary>
internal static class OptionOrder
{
    private const int MostLetters = 26;

    /// <summary>Sorted by the hash of <c>shuffled:SEED\nCASE\nQUESTION\nLETTER</c>.</summary>
    public static ShownCase Shuffle(ShownCase shown, int seed) => Reorder(shown, question =>
    [
        .. question.Options.OrderBy(
            option => SeededOrder.Of(
                string.Create(CultureInfo.InvariantCulture, $"shuffled:{seed}"), shown.Name,
                question.Index.ToString(CultureInfo.InvariantCulture), option.Letter.ToUpperInvariant()),
            StringComparer.Ordinal),
    ]);

    /// <summary>
    /// The option at place i moves to (i + places) mod n; a question whose options all come back to their places stays as it is.
    /// </summary>
    public static ShownCase Rotate(ShownCase shown, int places) => Reorder(shown, question =>
    {
        var count = question.Options.Length;
        if (count == 0 || places % count == 0) return question.Options;
        return [.. Enumerable.Range(0, count).Select(place => question.Options[(place - (places % count) + count) % count])];
    });

    private static ShownCase Reorder(ShownCase shown, Func<Question, ImmutableArray<Option>> order)
    {
        ImmutableArray<(Question Question, ImmutableArray<string> Letters)> questions =
            [.. shown.Case.Questions.Select((question, i) => Reorder(question, shown.PublishedLetters[i], order(question)))];
        return shown with
        {
            Case = shown.Case with { Questions = [.. questions.Select(question => question.Question)] },
            PublishedLetters = [.. questions.Select(question => question.Letters)],
        };
    }

    private static (Question, ImmutableArray<string>) Reorder(Question question, ImmutableArray<string> letters,
        ImmutableArray<Option> ordered)
    {
        if (ordered == question.Options || ordered.Length > MostLetters) return (question, letters);
        var options = ordered.Select((option, place) =>
            (Old: option.Letter, New: new Option(((char)('A' + place)).ToString(), option.Text))).ToList();
        return (
            question with
            {
                Options = [.. options.Select(option => option.New)],
                // By the option's letter: no two letters of a question differ in case alone.
                Key = options.FirstOrDefault(option => string.Equals(option.Old, question.Key, StringComparison.OrdinalIgnoreCase))
                    .New?.Letter ?? question.Key,
            },
            [.. options.Select(option => letters[question.Options.IndexOf(question.Options.First(old => old.Letter == option.Old))])]);
    }
}
