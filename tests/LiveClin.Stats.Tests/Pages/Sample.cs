using LiveClin.Evaluator.V1;
using LiveClin.Stats.Tests.Service;

namespace LiveClin.Stats.Tests.Pages;

/// <summary>Two cases and three models: one good, one poor, one floor; the good one under a condition, too.</summary>
internal static class Sample
{
    /// <summary>Every page and its heading.</summary>
    public static readonly (string Path, string Heading)[] Pages =
    [
        ("/", "Leaderboard"), ("/model?name=good", "good"), ("/compare", "Compare models"), ("/cases", "Cases"),
        ("/case?id=0", "Question 2"),
        ("/controls", "What the scores are made of"), ("/controls/model?name=good", "What this score is made of"),
        ("/controls/model?name=poor", "What was not run"),
        ("/controls/flips?name=good&condition=blank-images&case=0&question=1", "Questions that change side"),
        ("/slices?by=Stage", "Slices"), ("/items?order=all", "Items"), ("/review", "question 1"), ("/cost", "Cost and speed"),
        ("/live", "Live run"), ("/runs", "Runs"), ("/failures?run=2", "Failures"), ("/failures", "Failures"), ("/import", "What is taken"),
    ];

    public static EvaluatorDouble Evaluator()
    {
        var evaluator = new EvaluatorDouble();
        evaluator.AddRun("1", "good", (0, 0, Outcome.Correct, "Clearly:\n\\boxed{A}"), (0, 1, Outcome.Correct, "\\boxed{A}"),
            (1, 0, Outcome.Correct, "\\boxed{A}"), (1, 1, Outcome.Wrong, "Option B"));
        evaluator.AddRun("2", "poor", (0, 0, Outcome.Wrong, "\\boxed{B}"), (0, 1, Outcome.Wrong, "\\boxed{B}"),
            (1, 0, Outcome.Failed, null));
        evaluator.AddRun("3", "always-B", (0, 0, Outcome.Wrong, "\\boxed{B}"), (0, 1, Outcome.Wrong, "\\boxed{B}"),
            (1, 0, Outcome.Wrong, "\\boxed{B}"), (1, 1, Outcome.Wrong, "\\boxed{B}"));
        evaluator.Runs[0].ApiId = "baseline/always-B";
        evaluator.AddRun("5", "good", (0, 0, Outcome.Wrong, "\\boxed{A}"), (0, 1, Outcome.Correct, "\\boxed{B}"),
            (1, 0, Outcome.Correct, "\\boxed{B}"), (1, 1, Outcome.Wrong, "\\boxed{A}"));
        evaluator.Runs[0].Condition = "blank-images";
        foreach (var answer in evaluator.Answers.Where(answer => answer.RunId == "5"))
            answer.ShownLetter = answer.Letter == "A" ? "B" : "A";
        foreach (var run in evaluator.Runs) (run.Progress.QuestionsTotal, run.Endpoint) = (4, "http://127.0.0.1:1/v1");
        return evaluator;
    }
}
