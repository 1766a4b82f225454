using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Statistics;

namespace LiveClin.Core.Exchange;

/// <summary>
/// What a question comes with beside text, in the published classes; the first question comes with what the scenario has.
/// </summary>
internal static class ShownModality
{
    /// <summary><c>text</c>, <c>image</c>, <c>table</c> or <c>image+table</c>.</summary>
    public static string Of(Case clinicalCase, Question question) =>
        (FiguresOf(clinicalCase, question).Any(), TablesOf(clinicalCase, question).Any()) switch
    {
        (true, true) => "image+table",
        (true, false) => "image",
        (false, true) => "table",
        _ => "text",
    };

    /// <summary>The classes of its figures, for example <c>CT; MRI</c>; null without figures.</summary>
    public static string? Images(Case clinicalCase, Question question) =>
        Classes(FiguresOf(clinicalCase, question).Select(figure => figure.Type), Labels.ImageModalities);

    /// <summary>The classes of its tables; null without tables.</summary>
    public static string? Tables(Case clinicalCase, Question question) =>
        Classes(TablesOf(clinicalCase, question).Select(table => table.Type), Labels.TableModalities);

    private static IEnumerable<Figure> FiguresOf(Case clinicalCase, Question question) => question.Index == 0
        ? clinicalCase.Figures.Concat(question.Figures)
        : question.Figures;

    private static IEnumerable<Table> TablesOf(Case clinicalCase, Question question) =>
        question.Index == 0 ? clinicalCase.Tables.Concat(question.Tables) : question.Tables;

    private static string? Classes(IEnumerable<string?> types, Func<string, ImmutableArray<string>> classify)
    {
        var classes = types.OfType<string>().SelectMany(type => classify(type)).Distinct().ToList();
        return classes.Count == 0 ? null : string.Join("; ", classes);
    }
}
