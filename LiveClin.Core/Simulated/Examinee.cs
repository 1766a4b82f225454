using System.Collections.Immutable;
using System.Globalization;

namespace LiveClin.Core.Simulated;

/// <summary>
/// A simulated examinee, <c>simulated/&lt;kind&gt;-NN</c>: it has the release's keys and uses as much of them as its name says, so that
/// its true ability is known exactly and everything that measures it can be tested against the truth.
/// </summary>
public sealed class Examinee
{
    /// <summary>How names of simulated examinees begin.</summary>
    public const string Prefix = "simulated/";

    private const int ListedStep = 5;
    private readonly ExamineeKind _kind;

    private Examinee(ExamineeKind kind, int percent) => (_kind, Percent) = (kind, percent);

    /// <summary>Name on the wire, for example <c>simulated/knows-60</c>.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{_kind.Name}-{Percent}");

    /// <summary>The number in its name: a whole percentage, 0 to 100.</summary>
    public int Percent { get; }

    /// <summary>What it does, in words.</summary>
    public string Description => _kind.Describe(Percent);

    /// <summary>True when chance decides each time that it is asked: what it is truly worth is known on average only.</summary>
    public bool IsDrawn => _kind.IsDrawn;

    /// <summary>The kinds of examinees, as in their names.</summary>
    public static ImmutableArray<string> Kinds { get; } = [.. ExamineeKind.All.Select(kind => kind.Name)];

    /// <summary>Examinees for lists: every kind with every fifth percentage. Those between can be asked too.</summary>
    public static IEnumerable<Examinee> Listed =>
        ExamineeKind.All.SelectMany(kind => Enumerable.Range(1, 100 / ListedStep - 1)
            .Select(step => new Examinee(kind, step * ListedStep)));

    /// <summary>The examinee of a name; null when it is none.</summary>
    public static Examinee? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var dash = name.LastIndexOf('-');
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || dash < Prefix.Length) return null;
        var kind = ExamineeKind.All.FirstOrDefault(k => name.AsSpan(Prefix.Length, dash - Prefix.Length).SequenceEqual(k.Name));
        return kind is not null && int.TryParse(name.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
            && percent <= 100
            ? new Examinee(kind, percent)
            : null;
    }

    /// <summary>The letter that it gives, A to J.</summary>
    public string Answer(Sitting sitting) => _kind.Answer(sitting, Percent);

    /// <summary>
    /// Its true ability: what it gets right of the whole release as published, every figure shown, nothing failed. Of one that is drawn no
    /// single draw is its truth.
    /// </summary>
    /// <exception cref="InvalidOperationException">Chance decides what it gets right.</exception>
    public ExamineeTruth TruthOn(ExamPaper paper)
    {
        ArgumentNullException.ThrowIfNull(paper);
        if (IsDrawn) throw new InvalidOperationException($"What {Name} gets right is drawn anew each time.");
        int questions = 0, cases = 0;
        foreach (var clinicalCase in paper.Cases)
        {
            var right = 0;
            foreach (var (before, question) in clinicalCase.Index())
            {
                var letter = Answer(Sitting.Published(paper, question, hasErred: right < before));
                // Keys beyond J are found by no published rule, so that no answer to them is right.
                if (letter == question.Key && letter is [>= 'A' and <= 'J']) right++;
            }

            questions += right;
            if (right == clinicalCase.Length && right > 0) cases++;
        }

        return new ExamineeTruth(this, questions, paper.QuestionCount, cases, paper.Cases.Length);
    }
}
