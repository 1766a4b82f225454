using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LiveClin.Core.Cases;

namespace LiveClin.Core.Simulated;

/// <summary>A question as simulated examinees know it.</summary>
/// <param name="CaseName">The case's core file name without <c>.json</c>.</param>
/// <param name="Index">Zero-based position in the case.</param>
/// <param name="Key">The right option's letter, upper case.</param>
/// <param name="Letters">Letters of the options in the published order, upper case; empty where the source does not say.</param>
public sealed record ExamQuestion(string CaseName, int Index, string Key, ImmutableArray<string> Letters);

/// <summary>
/// All questions of a release in the one order in which simulated examinees find them hard: by the SHA-256 of <c>simulated\nCASE\nQ</c> as
/// lower-case hexadecimal. Who knows 60 % knows everything that who knows 50 % does, so that examinees differ by nothing but what is said
/// of them.
/// </summary>
public sealed class ExamPaper
{
    private readonly FrozenDictionary<(string CaseName, int Index), int> _places;

    /// <summary>A release as an examination.</summary>
    /// <param name="cases">The questions of all its cases, case by case.</param>
    public ExamPaper(IEnumerable<ImmutableArray<ExamQuestion>> cases)
    {
        Cases = [.. cases];
        _places = Cases.SelectMany(questions => questions)
            .OrderBy(question => Order(question.CaseName, question.Index, null), StringComparer.Ordinal)
            .Select((question, place) => (question, place))
            .ToFrozenDictionary(q => (q.question.CaseName, q.question.Index), q => q.place);
    }

    /// <summary>The questions, case by case.</summary>
    public ImmutableArray<ImmutableArray<ExamQuestion>> Cases { get; }

    /// <summary>Number of questions.</summary>
    public int QuestionCount => _places.Count;

    /// <summary>A release's cases as an examination.</summary>
    public static ExamPaper Of(IEnumerable<Case> cases) => new(cases.Select(QuestionsOf));

    /// <summary>The questions of a case.</summary>
    public static ImmutableArray<ExamQuestion> QuestionsOf(Case clinicalCase)
    {
        ArgumentNullException.ThrowIfNull(clinicalCase);
        var name = Path.GetFileNameWithoutExtension(clinicalCase.FileName);
        return [.. clinicalCase.Questions.Select(question =>
            new ExamQuestion(name, question.Index, question.Key,
                [.. question.Options.Select(option => option.Letter.ToUpperInvariant())]))];
    }

    /// <summary>How many questions a percentage is: the nearest whole number, halves up.</summary>
    public int Share(int percent) => (percent * QuestionCount + 50) / 100;

    /// <summary>Place of a question among all of the release, 0 for the easiest.</summary>
    public int PlaceOf(ExamQuestion question) => _places[(question.CaseName, question.Index)];

    /// <summary>What a question, or one of its letters, is ordered by.</summary>
    internal static string Order(string caseName, int index, string? letter) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"simulated\n{caseName}\n{index}{(letter is null ? "" : "\n" + letter)}"))));
}
