using LiveClin.Core.Answers;
using LiveClin.Stats.CaseLists;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.V1;
using E = LiveClin.Evaluator.V1;

namespace LiveClin.Stats.Service;

/// <summary>Cases in the contract's form.</summary>
internal static class CaseMapping
{
    public static CaseQuery ToQuery(CaseFilter? filter) => filter is null ? new CaseQuery() : new CaseQuery
    {
        Chapter = filter.Chapter, Subcategory = filter.Subcategory, Rarity = filter.Rarity, Stage = filter.Stage,
        ImageModality = filter.ImageModality,
        Text = filter.Text, Right = [.. filter.Right], Wrong = [.. filter.Wrong], Agreement = filter.Disagreement
            ? CaseAgreement.Split : null, Model = filter.Model.Length == 0 ? null : filter.Model,
        Outcome = filter.Outcome.Length == 0 ? null : ToOutcome(filter.Outcome),
    };

    public static CaseRow ToRow(ResultSet set, CaseFacts @case)
    {
        var row = new CaseRow { Id = @case.Id, FileName = @case.FileName };
        if (@case.Title is not null) row.Title = @case.Title;
        if (@case.Chapter is not null) row.Chapter = @case.Chapter;
        if (@case.Subcategory is not null) row.Subcategory = @case.Subcategory;
        if (@case.Rarity is not null) row.Rarity = @case.Rarity;
        foreach (var model in set.Models.Where(m => m.Covers[@case.Index]))
        {
            row.Results.Add(new CaseResult
            {
                Model = model.Model,
                Questions = new Uncertainty.Ratio(model.CorrectIn(@case), @case.Questions.Length).ToMessage(),
                Outcomes = string.Concat(@case.Questions.Select(q => Sign(model.Answers[@case.FirstQuestion + q.Index].Outcome))),
            });
        }

        return row;
    }

    public static GetCaseResponse ToMessage(ResultSet set, CaseFacts @case, E.CaseDetail detail, IReadOnlyList<E.Answer> answers)
    {
        var response = new GetCaseResponse { Row = ToRow(set, @case), Scenario = detail.Scenario };
        foreach (var question in detail.Questions)
        {
            var message = new CaseQuestion { Index = question.Index, Text = question.Text, Key = question.Key };
            if (question.HasStage) message.Stage = question.Stage;
            foreach (var option in question.Options) message.Options[option.Letter] = option.Text;
            foreach (var model in set.Models.Where(m => m.Covers[@case.Index]))
                message.Answers.Add(ToMessage(model, model.Answers[@case.FirstQuestion + question.Index],
                    answers.FirstOrDefault(a => a.RunId == model.RunId && a.QuestionIndex == question.Index)));
            response.Questions.Add(message);
        }

        return response;
    }

    private static CaseAnswer ToMessage(ModelResults model, AnswerFacts facts, E.Answer? answer)
    {
        var message = new CaseAnswer
        {
            Model = model.Model,
            Outcome = Name(facts.Outcome),
            Letter = $"{facts.Letter}",
            StrictLetter = $"{facts.StrictLetter}",
        };
        if (answer is { HasReply: true }) message.Reply = answer.Reply;
        if (answer is { HasReasoning: true }) message.Reasoning = answer.Reasoning;
        if (answer is { HasErrorMessage: true }) message.Error = answer.ErrorMessage;
        return message;
    }

    private static Outcome ToOutcome(string name) =>
        Enum.GetValues<Outcome>().FirstOrDefault(o => Name(o) == name, (Outcome)(-1)) is var outcome && outcome >= 0
        ? outcome
        : throw RequestException.Invalid("filter.outcome",
            $"'{name}' is no outcome; there are {string.Join(", ", Enum.GetValues<Outcome>().Select(Name))}.");

    private static string Name(Outcome outcome) => outcome == Outcome.NotRun ? "not_run" : outcome.ToString().ToLowerInvariant();

    private static char Sign(Outcome outcome) => outcome switch
    {
        Outcome.Correct => 'c',
        Outcome.Wrong => 'w',
        Outcome.Unparsed => 'u',
        Outcome.Truncated => 't',
        Outcome.Refused => 'r',
        Outcome.Filtered => 'x',
        Outcome.Failed => 'f',
        _ => 'n',
    };
}
