using System.Globalization;
using LiveClin.Core.Answers;
using LiveClin.Core.Text;
using LiveClin.Evaluator.Runs;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>Shows a run's progress: one line that is written over on a terminal, a plain line now and then in a pipe.</summary>
internal sealed class ProgressLine(RunSession session, TextWriter output, bool terminal)
{
    private static readonly TimeSpan TerminalInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PipeInterval = TimeSpan.FromSeconds(10);
    private readonly ShownWriter _output = ShownWriter.Over(output);
    private int _width;

    /// <summary>Writes until the run has ended.</summary>
    public async Task ShowAsync()
    {
        while (!session.Completion.IsCompleted)
        {
            await WriteNoticesAsync().ConfigureAwait(false);
            if (terminal) await WriteOverAsync(Describe(session.Progress)).ConfigureAwait(false);
            await Task.WhenAny(session.Completion, Task.Delay(terminal ? TerminalInterval : PipeInterval)).ConfigureAwait(false);
            if (!terminal && !session.Completion.IsCompleted)
                await _output.WriteLineAsync(Describe(session.Progress)).ConfigureAwait(false);
        }

        await WriteNoticesAsync().ConfigureAwait(false);
        if (terminal)
        {
            await WriteOverAsync(Describe(session.Progress)).ConfigureAwait(false);
            await _output.WriteLineAsync().ConfigureAwait(false);
        }
    }

    private async Task WriteNoticesAsync()
    {
        while (session.TryTakeNotice(out var notice))
        {
            if (terminal) _output.Return();
            await _output.WriteLineAsync($"warning: {RunText.Safe(notice)}").ConfigureAwait(false);
        }
    }

    internal static string Describe(RunProgress progress)
    {
        var failures = progress.Count(Outcome.Failed) + progress.Count(Outcome.Filtered) + progress.Count(Outcome.Refused);
        var rate = progress.CasesPerMinute is { } perMinute
            ? string.Create(CultureInfo.InvariantCulture, $", {perMinute:0.0} cases/min") : "";
        var left = progress.Remaining is { } remaining && progress.QuestionsDone < progress.QuestionsTotal
            ? $", ETA {Duration(remaining)}" : "";
        return $"{progress.CasesDone}/{progress.CasesTotal} cases, {progress.QuestionsDone}/{progress.QuestionsTotal} questions{rate}{left}, {failures} failed{(progress.Retries > 0 ? $", {progress.Retries} retries" : "")}{(progress.Note is { } note ? $" ({RunText.Safe(note)})" : "")}";
    }

    private static string Duration(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes:00} min" : time.TotalMinutes >= 1
            ? $"{(int)time.TotalMinutes} min {time.Seconds:00} s" : $"{(int)Math.Ceiling(time.TotalSeconds)} s";

    private async Task WriteOverAsync(string line)
    {
        _output.Return();
        await _output.WriteAsync(line.PadRight(_width)).ConfigureAwait(false);
        _width = line.Length;
    }
}
