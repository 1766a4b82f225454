using LiveClin.Evaluator.V1;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Pages.Live;

/// <summary>The question accuracy of a run so far, and how it came about.</summary>
internal sealed class RunningScore
{
    private const int MostPoints = 300;
    private readonly Dictionary<(int Case, int Question), Outcome> _answers = [];
    private readonly List<RunningPoint> _points = [];

    /// <summary>The score after so many answers, oldest first.</summary>
    public IReadOnlyList<RunningPoint> Points => _points;

    /// <summary>Questions with a final outcome.</summary>
    public int Count => _answers.Count;

    /// <summary>The score now.</summary>
    public ClusteredMean Now =>
        ClusteredMean.Estimate(
            [.. _answers.GroupBy(a => a.Key.Case).Select(g => new Ratio(g.Count(a => a.Value == Outcome.Correct), g.Count()))]);

    /// <summary>Takes answers in; one that comes again replaces the earlier.</summary>
    public void Add(IEnumerable<Answer> answers)
    {
        // Stored answers come by case; the curve is to show them as they came.
        var ordered = answers.Where(a => a.Outcome != Outcome.NotRun).OrderBy(a => a.CompletedAt?.ToDateTimeOffset() ?? default).ToList();
        var step = Math.Max(1, ordered.Count / 60);
        foreach (var (i, answer) in ordered.Index())
        {
            _answers[(answer.CaseOrdinal, answer.QuestionIndex)] = answer.Outcome;
            if ((i + 1) % step == 0 || i == ordered.Count - 1) Mark();
        }
    }

    private void Mark()
    {
        var now = Now;
        var point = new RunningPoint(Count, now.Mean, now.Interval());
        if (_points.Count > 0 && _points[^1].Questions == Count) _points[^1] = point;
        else _points.Add(point);
        if (_points.Count <= MostPoints) return;
        for (var i = _points.Count - 2; i > 0; i -= 2) _points.RemoveAt(i);
    }
}

/// <summary>The score after so many answers.</summary>
/// <param name="Questions">Number of answers.</param>
/// <param name="Mean">Share correct.</param>
/// <param name="Interval">Its 95 % interval, clustered by case.</param>
public sealed record RunningPoint(int Questions, double Mean, Interval Interval);
