using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Text;

namespace LiveClin.Core.Prompts;

/// <summary>
/// The published prompts (core's prompt construction; v1 sends the same): turn 0 is the scenario and the first question,
/// every later turn is one question. There is no system message.
/// </summary>
public static class PromptBuilder
{
    private const string Instruction = @"Please provide the letter of the correct option, formatted as \boxed{LETTER} (e.g., \boxed{A}).";

    /// <summary>Builds the user messages of a case's conversation, one per question.</summary>
    /// <param name="one">The case.</param>
    /// <param name="mode">How images travel.</param>
    /// <param name="findImage">Finds a file below the image root, null when it does not exist; asked in local mode only.</param>
    public static ImmutableArray<TurnPrompt> Build(Case one, ImageMode mode, Func<string, ImageFile?> findImage)
    {
        var turns = ImmutableArray.CreateBuilder<TurnPrompt>(one.Questions.Length);
        foreach (var question in one.Questions)
        {
            var images = ImmutableArray.CreateBuilder<PromptImage>();
            var parts = new List<string>();
            if (question.Index == 0)
            {
                parts.Add("* Scenario: " + one.Scenario);
                AddFigures(parts, images, one.Figures, mode, findImage);
                AddTables(parts, one.Tables);
                parts[^1] += "\n"; // the blank line between the scenario's block and the question's
            }

            parts.Add("* Question: " + question.Text);
            parts.Add("* Options:");
            foreach (var option in question.Options) parts.Add($"{option.Letter}. {option.Text}");
            parts.Add("");
            parts.Add(Instruction);
            AddFigures(parts, images, question.Figures, mode, findImage);
            AddTables(parts, question.Tables);
            turns.Add(new TurnPrompt(question.Index, string.Join('\n', parts), images.ToImmutable()));
        }

        return turns.MoveToImmutable();
    }

    private static void AddFigures(List<string> parts, ImmutableArray<PromptImage>.Builder images, ImmutableArray<Figure> figures, ImageMode mode, Func<string, ImageFile?> findImage)
    {
        var headed = false;
        foreach (var figure in figures)
        {
            if (string.IsNullOrEmpty(figure.CaptionPrefix)) continue;
            var (counts, image) = mode == ImageMode.Local ? Local(figure, findImage) : Remote(figure);
            if (!counts) continue;
            if (!headed) parts.Add("* Figures:");
            headed = true;
            parts.Add(figure.CaptionPrefix);
            if (image is not null) images.Add(image);
        }
    }

    // The caption's line stands for every file that exists; an image that cannot be sent leaves only its line, as published.
    private static (bool Counts, PromptImage? Image) Local(Figure figure, Func<string, ImageFile?> findImage)
    {
        if (string.IsNullOrEmpty(figure.File) || findImage(figure.File) is not { } file) return (false, null);
        return (true, file.CanBeSent ? new PromptImage(figure.File, file.Path, file.MediaType, null) : null);
    }

    private static (bool Counts, PromptImage? Image) Remote(Figure figure)
    {
        if (string.IsNullOrEmpty(figure.Url)) return (false, null);
        var isWeb = figure.Url.StartsWith("http://", StringComparison.Ordinal) || figure.Url.StartsWith("https://", StringComparison.Ordinal);
        return (true, isWeb ? new PromptImage(figure.File, null, null, figure.Url) : null);
    }

    private static void AddTables(List<string> parts, ImmutableArray<Table> tables)
    {
        var headed = false;
        foreach (var table in tables)
        {
            if (string.IsNullOrEmpty(table.Content)) continue;
            if (!headed) parts.Add("* Tables:");
            headed = true;
            parts.Add(PythonText.Strip($"{table.CaptionPrefix} {table.Caption}\n{table.Content}"));
        }
    }
}
