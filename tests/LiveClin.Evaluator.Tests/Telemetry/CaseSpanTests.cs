using System.Diagnostics;
using LiveClin.Core.Cases;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.Tests.Telemetry;

/// <summary>Which trace a case belongs to.</summary>
public sealed class CaseSpanTests
{
    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Cases_of_a_large_run_are_traces_of_their_own_that_link_to_the_run(int questions, bool isWithin)
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = s => s.Name == RunTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        using var run = RunTelemetry.Source.StartActivity("run m")!;
        run.SetTag("liveclin.run", "r1");

        using var activity =
            RunTelemetry.StartCase(new Case { Ordinal = 0, Line = 1, Id = "7", FileName = "f", Scenario = "", Questions = [], Json = "{}" },
            questions)!;

        Assert.Equal(isWithin, activity.TraceId == run.TraceId);
        Assert.Equal(isWithin ? run.SpanId : default, activity.ParentSpanId);
        if (!isWithin) Assert.Equal((run.Context, "r1"), (activity.Links.Single().Context, activity.GetTagItem("liveclin.run")));
    }
}
