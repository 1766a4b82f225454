using LiveClin.Core.Cases;
using LiveClin.Core.Floors;

namespace LiveClin.Evaluator.Reading;

/// <summary>Cases in the contract's terms.</summary>
internal static class CaseMapping
{
    public static V1.CaseSummary ToSummary(this Case @case)
    {
        var message = new V1.CaseSummary
        {
            Ordinal = @case.Ordinal,
            Id = @case.Id,
            FileName = @case.FileName,
            ImageTypes = { @case.Figures.Select(figure => figure.Type ?? "") },
            TableTypes = { @case.Tables.Select(table => table.Type ?? "") },
            Questions = { @case.Questions.Select(question => ToSummary(question, @case.Scenario)) },
            Damaged = @case.IsDamaged,
        };
        if (@case.Pmc is { } pmc) message.Pmc = pmc;
        if (@case.Pmid is { } pmid) message.Pmid = pmid;
        if (@case.Doi is { } doi) message.Doi = doi;
        if (@case.Title is { } title) message.Title = title;
        if (@case.Chapter is { } chapter) message.Chapter = chapter;
        if (@case.Subcategory is { } subcategory) message.Subcategory = subcategory;
        if (@case.Icd10 is { } icd10) message.Icd10 = icd10;
        if (@case.Rarity is { } rarity) message.Rarity = rarity;
        return message;
    }

    /// <param name="case">The case.</param>
    /// <param name="hashOf">SHA-256 of a figure's image file, or null when it cannot be read.</param>
    public static V1.CaseDetail ToDetail(this Case @case, Func<Figure, string?> hashOf) => new()
    {
        Summary = @case.ToSummary(),
        Scenario = @case.Scenario,
        Figures = { @case.Figures.Select(figure => ToMessage(figure, hashOf)) },
        Tables = { @case.Tables.Select(ToMessage) },
        Questions = { @case.Questions.Select(question => ToMessage(question, hashOf)) },
        Json = @case.Json,
    };

    private static V1.QuestionSummary ToSummary(Question question, string scenario)
    {
        var message = new V1.QuestionSummary
        {
            Index = question.Index,
            Key = question.Key,
            Letters = { question.Options.Select(option => option.Letter) },
            ImageTypes = { question.Figures.Select(figure => figure.Type ?? "") },
            TableTypes = { question.Tables.Select(table => table.Type ?? "") },
            OptionLengths = { question.Options.Select(option => option.Text.Length) },
            SameText = { RepeatedOptions.Of(question.Options.Select(option => (option.Letter, option.Text))) },
            FloorLetters = { Floor.Choices(new FloorQuestion(scenario, question.Text, question.Options)) },
        };
        if (question.Stage is { } stage) message.Stage = stage;
        return message;
    }

    private static V1.Question ToMessage(Question question, Func<Figure, string?> hashOf)
    {
        var message = new V1.Question
        {
            Index = question.Index,
            Text = question.Text,
            Options = { question.Options.Select(option => new V1.Option { Letter = option.Letter, Text = option.Text }) },
            Key = question.Key,
            Figures = { question.Figures.Select(figure => ToMessage(figure, hashOf)) },
            Tables = { question.Tables.Select(ToMessage) },
        };
        if (question.Stage is { } stage) message.Stage = stage;
        return message;
    }

    private static V1.Figure ToMessage(Figure figure, Func<Figure, string?> hashOf)
    {
        var message = new V1.Figure();
        if (figure.File is { } file) message.File = file;
        if (figure.Url is { } url) message.Url = url;
        if (figure.CaptionPrefix is { } prefix) message.CaptionPrefix = prefix;
        if (figure.Caption is { } caption) message.Caption = caption;
        if (figure.Label is { } label) message.Label = label;
        if (figure.Id is { } id) message.Id = id;
        if (figure.Type is { } type) message.Type = type;
        if (hashOf(figure) is { } sha256) message.Sha256 = sha256;
        return message;
    }

    private static V1.Table ToMessage(Table table)
    {
        var message = new V1.Table();
        if (table.CaptionPrefix is { } prefix) message.CaptionPrefix = prefix;
        if (table.Caption is { } caption) message.Caption = caption;
        if (table.Content is { } content) message.Content = content;
        if (table.Id is { } id) message.Id = id;
        if (table.Type is { } type) message.Type = type;
        return message;
    }
}
