using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Simulated;

namespace LiveClin.Evaluator.Baselines.Simulated;

/// <summary>A question of the release, as it was asked.</summary>
/// <param name="Case">Its case.</param>
/// <param name="Question">The question.</param>
/// <param name="Known">What examinees know of it.</param>
/// <param name="Options">The options as shown.</param>
internal sealed record FoundQuestion(Case Case, Question Question, ExamQuestion Known, ImmutableArray<ShownOption> Options)
{
    /// <summary>False when the right option's text was replaced.</summary>
    public bool IsKeyInItsWords { get; init; } = true;

    /// <summary>Letter of the right option, as shown.</summary>
    public string Right => Options.FirstOrDefault(option => option.Published == Known.Key)?.Letter ?? Known.Key;
}

/// <summary>
/// Finds questions by what is said in a prompt: the question's text, the options' texts in whatever order, the scenario, the turn. Any of
/// them may be absent; the question that has most of them is the one.
/// </summary>
internal sealed class QuestionFinder
{
    private readonly Dictionary<string, List<Place>> _byText = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<Place>> _byOption = new(StringComparer.Ordinal);

    public QuestionFinder(IEnumerable<Case> cases)
    {
        foreach (var clinicalCase in cases)
        {
            var known = ExamPaper.QuestionsOf(clinicalCase);
            foreach (var question in clinicalCase.Questions)
            {
                var place = new Place(clinicalCase, question, known[question.Index]);
                Add(_byText, question.Text, place);
                foreach (var text in question.Options.Select(option => option.Text).Distinct()) Add(_byOption, text, place);
            }
        }
    }

    /// <summary>The question that was asked; null when it is none of the release's.</summary>
    /// <param name="asked">What was asked.</param>
    /// <param name="turn">Zero-based position of the question in its conversation.</param>
    public FoundQuestion? Find(AskedQuestion asked, int turn)
    {
        var texts = asked.Options.Select(option => option.Text).ToHashSet(StringComparer.Ordinal);
        var candidates = _byText.GetValueOrDefault(asked.Text, []).Concat(texts.SelectMany(text => _byOption.GetValueOrDefault(text, [])))
            .Distinct();
        // Options are worth more than everything that may be the same in several questions, and no single option tells a question.
        return candidates
            .Select(place => (Place: place, IsText: place.Question.Text == asked.Text,
                Options: place.Question.Options.Count(option => texts.Contains(option.Text))))
            .Where(match => match.IsText || match.Options >= Math.Max(2, texts.Count - 1))
            .OrderByDescending(match => match.Place.OptionLines == asked.OptionLines)
            .ThenByDescending(match => match.IsText && match.Options >= texts.Count - 1)
            .ThenByDescending(match => match.Options == texts.Count)
            .ThenByDescending(match => match.Options)
            .ThenByDescending(match => match.IsText)
            .ThenByDescending(match => match.Place.Case.Scenario == asked.Scenario)
            .ThenByDescending(match => match.Place.Question.Index == turn)
            .Select(match => Seat(match.Place, asked))
            .FirstOrDefault();
    }

    private static FoundQuestion Seat(Place place, AskedQuestion asked)
    {
        var published = place.Question.Options;
        // As published, line by line: then the letters are the release's, whatever the texts are.
        if (asked.Options.IsEmpty || asked.OptionLines == place.OptionLines)
            return new FoundQuestion(place.Case, place.Question, place.Known,
                [.. place.Known.Letters.Select(letter => new ShownOption(letter, letter))]);

        var left = published.ToList();
        var taken = asked.Options.Select(shown => Take(left, shown)).ToArray();
        var isInItsWords = !left.Any(option => Upper(option) == place.Known.Key);
        // One option of each side without a partner: its text was replaced.
        if (left.Count == 1 && taken.Count(letter => letter is null) == 1) taken[Array.IndexOf(taken, null)] = Upper(left[0]);
        return new FoundQuestion(place.Case, place.Question, place.Known,
            [.. asked.Options.Select((shown, i) => new ShownOption(Upper(shown), taken[i]))])
        {
            IsKeyInItsWords = isInItsWords,
        };
    }

    // Of several options with one text the one with the same letter, else the first.
    private static string? Take(List<Option> left, Option shown)
    {
        var same = left.FindIndex(option => option == shown) is >= 0 and var exact
            ? exact : left.FindIndex(option => option.Text == shown.Text);
        if (same < 0) return null;
        var letter = Upper(left[same]);
        left.RemoveAt(same);
        return letter;
    }

    private static string Upper(Option option) => option.Letter.ToUpperInvariant();

    private static void Add(Dictionary<string, List<Place>> index, string text, Place place)
    {
        if (!index.TryGetValue(text, out var places)) index[text] = places = [];
        places.Add(place);
    }

    // Compared by reference: a place is one, however much its texts are like another's.
    private sealed class Place(Case clinicalCase, Question question, ExamQuestion known)
    {
        public Case Case { get; } = clinicalCase;

        public Question Question { get; } = question;

        public ExamQuestion Known { get; } = known;

        /// <summary>The options as the published prompt writes them.</summary>
        public string OptionLines { get; } = string.Join('\n', question.Options.Select(option => $"{option.Letter}. {option.Text}"));
    }
}
