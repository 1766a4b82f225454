using System.Collections.Concurrent;

namespace LiveClin.Evaluator.Runs;

/// <summary>
/// The questions of a run that were under way when its server died or hung. One that was so twice, the second time with nothing else
/// under way, is what the server is lost at.
/// </summary>
internal sealed class SuspectQuestions
{
    // A restart takes minutes, as a conversation does: so few are better asked one by one at once.
    private const int Few = 8;
    private readonly ConcurrentDictionary<(int Epoch, int Case), (int Question, int Losses)> _known = new();

    /// <summary>At how many losses a conversation was under way with the same question.</summary>
    public int Losses((int Epoch, int Case) conversation) => _known.GetValueOrDefault(conversation).Losses;

    /// <summary>
    /// How a conversation is held: 0 beside any others of its kind, 1 in small groups, 2 alone. Heavier ones come later, so that what can
    /// be answered is answered first.
    /// </summary>
    public int WeightOf((int Epoch, int Case) conversation) => Losses(conversation) switch
    {
        0 => 0,
        1 when _known.Values.Count(suspect => suspect.Losses == 1) > Few => 1,
        _ => 2,
    };

    /// <summary>How many of a weight are held at a time.</summary>
    public static int Width(int weight) => weight switch { 0 => int.MaxValue, 1 => Few, _ => 1 };

    /// <summary>Takes note of a loss.</summary>
    /// <param name="underWay">What was under way.</param>
    public LossVerdict Judge(IReadOnlyCollection<CutOffQuestion> underWay)
    {
        var isAtSuspects = underWay.Count > 0 && underWay.All(question => Losses(question.Held.Planned.Key) > 0);
        foreach (var question in underWay)
        {
            var index = question.Question.Index;
            _known.AddOrUpdate(question.Held.Planned.Key, _ => (index, 1),
                (_, known) => (index, known.Question == index ? known.Losses + 1 : 1));
        }

        var guilty = underWay.Count == 1 && underWay.First() is var only && Losses(only.Held.Planned.Key) > 1 ? only : null;
        return new LossVerdict(guilty, isAtSuspects);
    }
}
