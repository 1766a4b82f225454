using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;

namespace LiveClin.Core.Conditions;

/// <summary>A case on its way through a condition's parts: each of them makes another one of it.</summary>
internal sealed record ShownCase
{
    /// <summary>The case with what is shown of it.</summary>
    public required Case Case { get; init; }

    /// <summary>The release's letters of the options, by question and place.</summary>
    public required ImmutableArray<ImmutableArray<string>> PublishedLetters { get; init; }

    /// <summary>How it is put into words.</summary>
    public PromptForm Form { get; init; } = PromptForm.Published;

    /// <summary>True when every question is asked in a conversation of its own.</summary>
    public bool IsApart { get; init; }

    /// <summary>What the conversation's earlier assistant turns say, by question; empty for the model's own replies.</summary>
    public ImmutableArray<string> History { get; init; } = [];

    /// <summary>What seeded orders call the case: its core file name without <c>.json</c>.</summary>
    public string Name => Path.GetFileNameWithoutExtension(Case.FileName);

    /// <summary>The case as it was published.</summary>
    public static ShownCase Of(Case clinicalCase) => new()
    {
        Case = clinicalCase,
        PublishedLetters = [.. clinicalCase.Questions.Select(question => question.Options.Select(option => option.Letter)
            .ToImmutableArray())],
    };

    public ShownCase WithQuestions(Func<Question, Question> change) => this with
    {
        Case = Case with { Questions = [.. Case.Questions.Select(change)] },
    };

    public ShownCase WithFigures(FigureForm figures) => this with { Form = Form with { Figures = figures } };

    public ShownCase WithoutTables() => (this with { Case = Case with { Tables = [] } }).WithQuestions(question => question with
    {
        Tables = [],
    });

    public ShownCase WithoutCase()
    {
        var bare = WithoutTables().WithQuestions(question => question with { Figures = [] });
        return bare with { Case = bare.Case with { Figures = [] }, Form = Form with { Scenario = ScenarioPlace.Nowhere } };
    }

    public ShownCase WithChoicesOnly()
    {
        var bare = WithoutCase();
        return bare with { IsApart = true, Form = bare.Form with { HasQuestionText = false } };
    }

    public ShownCase WithSingleTurns() => this with
    {
        IsApart = true,
        Form = Form.Scenario == ScenarioPlace.Nowhere ? Form : Form with { Scenario = ScenarioPlace.EveryTurn },
    };
}
