using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Text;

namespace LiveClin.Core.Prompts;

/// <summary>
/// The published prompts (core's prompt construction; v1 sends the same): turn 0 is the scenario and the first question,
/// every later turn is one question. There is no system message. Conditions ask in other forms.
/// </summary>
public static class PromptBuilder
{
    private const string Instruction = @"Please provide the letter of the correct option, formatted as \boxed{LETTER} (e.g., \boxed{A}).";

    // Where the headings of figures stand whose pictures are not there.
    private const string FiguresMissing = "* Figures: cannot be shown here.";

    /// <summary>Builds the user messages of a case, one per question.</summary>
    /// <param name="clinicalCase">The case.</param>
    /// <param name="mode">How images travel.</param>
    /// <param name="findImage">Finds a file below the image root, null when it does not exist; asked in local mode only.</param>
    /// <param name="form">How the case is put into words; as published unless given.</param>
    public static ImmutableArray<TurnPrompt> Build(Case clinicalCase, ImageMode mode, Func<string, ImageFile?> findImage,
        PromptForm? form = null)
    {
        ArgumentNullException.ThrowIfNull(clinicalCase);
        var builder = new BlockBuilder(mode, findImage, form ?? PromptForm.Published);
        return [.. clinicalCase.Questions.Select(question => builder.Turn(clinicalCase, question))];
    }

    /// <summary>Writes the messages of one case.</summary>
    private sealed class BlockBuilder(ImageMode mode, Func<string, ImageFile?> findImage, PromptForm form)
    {
        private readonly List<string> _parts = [];
        private readonly ImmutableArray<PromptImage>.Builder _images = ImmutableArray.CreateBuilder<PromptImage>();

        public TurnPrompt Turn(Case clinicalCase, Question question)
        {
            _parts.Clear();
            _images.Clear();
            if (form.Scenario == ScenarioPlace.EveryTurn || (form.Scenario == ScenarioPlace.FirstTurn && question.Index == 0))
            {
                _parts.Add("* Scenario: " + clinicalCase.Scenario);
                AddFigures(clinicalCase.Figures);
                AddTables(clinicalCase.Tables);
                _parts[^1] += "\n"; // the blank line between the scenario's block and the question's
            }

            if (form.HasQuestionText) _parts.Add("* Question: " + question.Text);
            _parts.Add("* Options:");
            foreach (var option in question.Options) _parts.Add($"{option.Letter}. {option.Text}");
            _parts.Add("");
            _parts.Add(Instruction);
            AddFigures(question.Figures);
            AddTables(question.Tables);
            return new TurnPrompt(question.Index, string.Join('\n', _parts), _images.ToImmutable());
        }

        private void AddFigures(ImmutableArray<Figure> figures)
        {
            var headed = false;
            foreach (var figure in figures)
            {
                if (string.IsNullOrEmpty(figure.CaptionPrefix)) continue;
                var (counts, image) = mode == ImageMode.Local ? Local(figure, findImage) : Remote(figure);
                if (!counts) continue;
                if (!headed) _parts.Add(form.Figures == FigureForm.SaidToBeMissing ? FiguresMissing : "* Figures:");
                headed = true;
                if (form.Figures == FigureForm.SaidToBeMissing) continue;
                _parts.Add(figure.CaptionPrefix);
                if (image is null || form.Figures == FigureForm.LinesOnly) continue;
                _images.Add(form.Figures == FigureForm.Blank ? image with { IsBlank = true } : image);
            }
        }

        private void AddTables(ImmutableArray<Table> tables)
        {
            var headed = false;
            foreach (var table in tables)
            {
                if (string.IsNullOrEmpty(table.Content)) continue;
                if (!headed) _parts.Add("* Tables:");
                headed = true;
                _parts.Add(PythonText.Strip($"{table.CaptionPrefix} {table.Caption}\n{table.Content}"));
            }
        }
    }

    // The caption's line stands for every file that exists; an image that cannot be sent leaves only its line, as published.
    private static (bool Counts, PromptImage? Image) Local(Figure figure, Func<string, ImageFile?> findImage)
    {
        if (string.IsNullOrEmpty(figure.File) || findImage(figure.File) is not { } file) return (false, null);
        return (true, file.CanBeSent ? new PromptImage(figure.File, file.Path, file.MediaType, null) { Root = file.Root } : null);
    }

    private static (bool Counts, PromptImage? Image) Remote(Figure figure)
    {
        if (string.IsNullOrEmpty(figure.Url)) return (false, null);
        var isWeb = figure.Url.StartsWith("http://", StringComparison.Ordinal)
            || figure.Url.StartsWith("https://", StringComparison.Ordinal);
        return (true, isWeb ? new PromptImage(figure.File, null, null, figure.Url) : null);
    }
}
