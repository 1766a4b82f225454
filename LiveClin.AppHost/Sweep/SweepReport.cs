using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.Sweep;

/// <summary>What came of the sweep: the table, a file that schedulers read, and the exit code.</summary>
internal static class SweepReport
{
    /// <summary>0: all questions answered. 1: some failed. 2: settings or data wrong.</summary>
    public static int ExitCode(IReadOnlyList<ModelRun> runs)
    {
        if (runs.Any(r => r.IsInvalid)) return ExitCodes.Invalid;
        return runs.All(r => r.State == ModelRunState.Completed && r.IsAnswered) ? ExitCodes.Success : ExitCodes.SomeFailed;
    }

    /// <summary>Writes <c>sweep-junit.xml</c>: one test case per model and condition, failed unless every question was answered.</summary>
    public static void WriteJUnit(string folder, string release, IReadOnlyList<ModelRun> runs)
    {
        Directory.CreateDirectory(folder);
        var suite = new XElement("testsuite",
            new XAttribute("name", $"LiveClin {SweepText.Safe(release)}"),
            new XAttribute("tests", runs.Count),
            new XAttribute("failures", runs.Count(r => r.State == ModelRunState.Completed && !r.IsAnswered)),
            new XAttribute("errors", runs.Count(r => r.State == ModelRunState.Failed)),
            new XAttribute("skipped", runs.Count(r => r.State is ModelRunState.Pending or ModelRunState.Stopped)),
            new XAttribute("time", Seconds(runs.Sum(r => Duration(r).TotalSeconds))),
            runs.Select(run => Case(release, run)));
        var file = Path.Combine(folder, "sweep-junit.xml");
        // No byte order mark: several readers of such files stumble over it.
        using (var xml = XmlWriter.Create(file + ".tmp", new XmlWriterSettings
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
        }))
            new XDocument(new XElement("testsuites", suite)).Save(xml);
        File.Move(file + ".tmp", file, overwrite: true);
    }

    private static XElement Case(string release, ModelRun run)
    {
        var progress = run.Progress;
        var element = new XElement("testcase",
            new XAttribute("classname", $"LiveClin.{SweepText.Safe(release)}"),
            new XAttribute("name", SweepText.Safe(run.Title)),
            new XAttribute("time", Seconds(Duration(run).TotalSeconds)),
            new XElement("properties",
                Property("run", run.Run?.Id ?? ""),
                Property("questions.correct", progress.Outcomes?.Correct ?? 0),
                Property("questions.total", progress.QuestionsTotal),
                Property("questions.answered", progress.QuestionsAnswered),
                Property("cases.correct", progress.CasesCorrect),
                Property("cases.total", progress.CasesTotal),
                Property("questions.failed", run.Failures),
                Property("questions.not-asked", run.NotAsked)));
        if (run.State == ModelRunState.Failed)
            element.Add(new XElement("error", new XAttribute("message", SweepText.Safe(run.Failure?.Reason)),
                string.Join('\n', SweepText.LogEnd(run.Failure))));
        else if (run.State != ModelRunState.Completed)
            element.Add(new XElement("skipped", run.Failure is { } stop ? new XAttribute("message", SweepText.Safe(stop.Reason)) : null));
        else if (!run.IsAnswered) element.Add(new XElement("failure", new XAttribute("message", Missing(run))));
        return element;
    }

    private static string Missing(ModelRun run) =>
        $"{run.Failures + run.NotAsked} of {run.Progress.QuestionsTotal} questions have no answer: {SweepText.Causes(run)}"
        + (run.NotAsked > 0 ? $", {run.NotAsked} not asked" : "");

    private static XElement Property(string name, object value) =>
        new("property", new XAttribute("name", name), new XAttribute("value", value));

    private static TimeSpan Duration(ModelRun run) =>
        run.Run is { StartedAt: { } start, FinishedAt: { } end } ? end.ToDateTimeOffset() - start.ToDateTimeOffset() : TimeSpan.Zero;

    private static string Seconds(double seconds) => seconds.ToString("F3", CultureInfo.InvariantCulture);
}
