using LiveClin.Core.Cases;
using LiveClin.Core.Floors;

namespace LiveClin.Evaluator.Reading;

/// <summary>Cases in the contract's terms.</summary>
internal static class CaseMapping
{
    public static V1.CaseSummary ToSummary(this Case one)
    {
        var message = new V1.CaseSummary
        {
            Ordinal = one.Ordinal,
            Id = one.Id,
            FileName = one.FileName,
            ImageTypes = { one.Figures.Select(figure => figure.Type ?? "") },
            TableTypes = { one.Tables.Select(table => table.Type ?? "") },
            Questions = { one.Questions.Select(question => ToSummary(question, one.Scenario)) },
            Damaged = one.IsDamaged,
        };
        if (one.Pmc is { } pmc) message.Pmc = pmc;
        if (one.Pmid is { } pmid) message.Pmid = pmid;
        if (one.Doi is { } doi) message.Doi = doi;
        if (one.Title is { } title) message.Title = title;
        if (one.Chapter is { } chapter) message.Chapter = chapter;
        if (one.Subcategory is { } subcategory) message.Subcategory = subcategory;
        if (one.Icd10 is { } icd10) message.Icd10 = icd10;
        if (one.Rarity is { } rarity) message.Rarity = rarity;
        return message;
    }

    /// <param name="one">The case.</param>
    /// <param name="hashOf">SHA-256 of a figure's image file, or null when it cannot be read.</param>
    public static V1.CaseDetail ToDetail(this Case one, Func<Figure, string?> hashOf) => new()
    {
        Summary = one.ToSummary(),
        Scenario = one.Scenario,
        Figures = { one.Figures.Select(figure => ToMessage(figure, hashOf)) },
        Tables = { one.Tables.Select(ToMessage) },
        Questions = { one.Questions.Select(question => ToMessage(question, hashOf)) },
        Json = one.Json,
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
