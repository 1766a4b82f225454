using System.Globalization;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>What a run came to, in a few lines: the scores with their denominators, and what was not answered.</summary>
internal static class RunSummary
{
    public static async Task WriteAsync(RunInfo run, Release release, IReadOnlyList<Answer> answers, TextWriter output)
    {
        var questions = release.QuestionCount;
        var cases = release.Cases.Length;
        var correct = answers.Count(answer => answer.IsCorrect);
        var correctCases = answers.Where(answer => answer.IsCorrect).GroupBy(answer => answer.CaseOrdinal)
            .Count(group => group.Count() == release.Cases[group.Key].Questions.Length);
        var answered = answers.Count(answer => answer.Reply is not null);
        await output.WriteLineAsync();
        await output.WriteLineAsync($"{run.Specification.Model}  questions {Share(correct, questions)}  cases {Share(correctCases, cases)}  failures {questions - answered}");
        if (answered < questions) await output.WriteLineAsync($"  of the answered questions: {Share(correct, answered)}");
        foreach (var group in answers.Where(answer => answer.Outcome is not (Outcome.Correct or Outcome.Wrong)).GroupBy(answer => (answer.Outcome, answer.ErrorKind)).OrderByDescending(group => group.Count()))
            await output.WriteLineAsync($"  {Name(group.Key.Outcome)}{(group.Key.ErrorKind is { } kind ? $" ({kind})" : "")}: {group.Count()}");
    }

    public static string Share(int part, int whole) =>
        string.Create(CultureInfo.InvariantCulture, $"{part}/{whole} ({(whole == 0 ? 0 : 100.0 * part / whole):0.0}%)");

    private static string Name(Outcome outcome) => outcome == Outcome.NotRun ? "not run" : outcome.ToString().ToLowerInvariant();
}
