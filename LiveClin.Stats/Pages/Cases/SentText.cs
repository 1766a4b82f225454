using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;
using LiveClin.Evaluator.V1;
using Case = LiveClin.Core.Cases.Case;
using Figure = LiveClin.Core.Cases.Figure;
using Option = LiveClin.Core.Cases.Option;
using Question = LiveClin.Core.Cases.Question;
using Table = LiveClin.Core.Cases.Table;

namespace LiveClin.Stats.Pages.Cases;

/// <summary>The user messages of a case's conversation, word for word as a run with local images sends them.</summary>
internal static class SentText
{
    public static ImmutableArray<TurnPrompt> Of(CaseDetail detail)
    {
        var figures = detail.Figures.Concat(detail.Questions.SelectMany(q => q.Figures)).ToList();
        // An image that the evaluator could hash is one that it could read.
        var readable = figures.Where(f => f.HasFile && f.HasSha256).Select(f => f.File).ToHashSet(StringComparer.Ordinal);
        return PromptBuilder.Build(ToCase(detail), Core.Prompts.ImageMode.Local, file => readable.Contains(file) ? new ImageFile(file, "image/*", 0) : null);
    }

    private static Case ToCase(CaseDetail detail) => new()
    {
        Ordinal = detail.Summary.Ordinal, Line = detail.Summary.Ordinal + 1, Id = detail.Summary.Id, FileName = detail.Summary.FileName,
        Scenario = detail.Scenario, Figures = [.. detail.Figures.Select(ToFigure)], Tables = [.. detail.Tables.Select(ToTable)], Json = detail.Json,
        Questions =
        [
            .. detail.Questions.Select(q => new Question
            {
                Index = q.Index, Text = q.Text, Key = q.Key, Options = [.. q.Options.Select(o => new Option(o.Letter, o.Text))],
                Figures = [.. q.Figures.Select(ToFigure)], Tables = [.. q.Tables.Select(ToTable)],
            }),
        ],
    };

    private static Figure ToFigure(Evaluator.V1.Figure figure) => new()
    {
        File = figure.HasFile ? figure.File : null, Url = figure.HasUrl ? figure.Url : null, CaptionPrefix = figure.HasCaptionPrefix ? figure.CaptionPrefix : null,
    };

    private static Table ToTable(Evaluator.V1.Table table) => new()
    {
        CaptionPrefix = table.HasCaptionPrefix ? table.CaptionPrefix : null, Caption = table.HasCaption ? table.Caption : null, Content = table.HasContent ? table.Content : null,
    };
}
