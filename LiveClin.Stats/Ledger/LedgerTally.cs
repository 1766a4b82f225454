using System.Collections.Immutable;
using LiveClin.Core.Answers;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Ledger;

/// <summary>Adds up a model's cases.</summary>
internal sealed class LedgerTally
{
    private readonly List<Outcome> _outcomes = [];
    private readonly Dictionary<ExtractionRule, int> _rules = [];
    private readonly List<RuleDifference> _differences = [];
    private int _cases, _correctCases, _coreCases, _coreQuestions, _coreCorrect, _answered, _open, _possibleCases, _strict, _strictCases;
    private bool _strictKnown = true;

    public void Add(ModelResults model, CaseFacts @case)
    {
        int correct = 0, replies = 0, open = 0, strict = 0;
        for (var i = 0; i < @case.Questions.Length; i++)
        {
            var answer = model.Answers[@case.FirstQuestion + i];
            _outcomes.Add(answer.Outcome);
            if (answer.IsCorrect) correct++;
            if (answer.HasReply) replies++;
            // Open: nobody knows what the model would have said.
            if (answer.Outcome is Outcome.NotRun or Outcome.Failed or Outcome.Filtered) open++;
            if (answer.Letter is not null) _rules[answer.Rule] = _rules.GetValueOrDefault(answer.Rule) + 1;
            if (answer.StrictOutcome == Outcome.Correct) strict++;
            _strictKnown &= answer.StrictOutcome is not null;
            if (answer.StrictOutcome is { } other && (other != answer.Outcome || answer.StrictLetter != answer.Letter))
                _differences.Add(new RuleDifference(@case.Id, i, answer.Outcome, answer.Letter, other, answer.StrictLetter));
        }

        var questions = @case.Questions.Length;
        if (questions == 0) return;
        _cases++;
        _answered += replies;
        _open += open;
        _strict += strict;
        if (correct == questions) _correctCases++;
        if (correct + open == questions) _possibleCases++;
        if (strict == questions) _strictCases++;
        if (replies < questions) return;
        _coreCases++;
        _coreQuestions += questions;
        _coreCorrect += correct;
    }

    public ModelLedger Close(ModelResults model)
    {
        var outcomes = OutcomeCounts.Of(_outcomes);
        var total = outcomes.Total;
        return new ModelLedger
        {
            Model = model,
            Outcomes = outcomes,
            Questions = new Ratio(outcomes.Correct, total),
            Cases = new Ratio(_correctCases, _cases),
            CoreQuestions = new Ratio(_coreCorrect, _coreQuestions),
            CoreCases = new Ratio(_correctCases, _coreCases),
            Answered = new Ratio(outcomes.Correct, _answered),
            StrictQuestions = _strictKnown ? new Ratio(_strict, total) : null,
            StrictCases = _strictKnown ? new Ratio(_strictCases, _cases) : null,
            QuestionBounds = new Interval(new Ratio(outcomes.Correct, total).Value, new Ratio(outcomes.Correct + _open, total).Value),
            CaseBounds = new Interval(new Ratio(_correctCases, _cases).Value, new Ratio(_possibleCases, _cases).Value),
            Rules = _rules.ToImmutableSortedDictionary(),
            Differences = [.. _differences],
        };
    }
}
