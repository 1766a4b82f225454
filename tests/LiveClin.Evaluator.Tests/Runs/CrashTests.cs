using System.Collections.Concurrent;
using System.Diagnostics;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Runs;

/// <summary>The evaluator's process killed with SIGKILL, again and again.</summary>
public sealed class CrashTests
{
    private const int Kills = 20;
    private const int Concurrency = 3;

    [Fact]
    public async Task Twenty_kills_lose_no_answer_and_ask_none_twice()
    {
        var random = new Random(11);
        var reported = new ConcurrentDictionary<string, bool>(); // "case Qn" that a killed process said to be on disk
        var askedAgain = new ConcurrentBag<string>();
        var release = await EvaluatorHarness.ReadDemoAsync();
        var names = release.Cases.SelectMany(@case =>
            @case.Questions.Select(question => (question.Text, Name: $"{@case.Id} Q{question.Index + 1}"))).ToList();
        var killAt = new StrongBox<(int Calls, TaskCompletionSource Reached)>();
        var calls = 0;
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            var name = names.Single(n => call.LastText.Contains("* Question: " + n.Text + "\n", StringComparison.Ordinal)).Name;
            if (reported.ContainsKey(name)) askedAgain.Add(name);
            await FakeModelServer.ReplyAsync(context, Reply(call.LastText));
            if (Interlocked.Increment(ref calls) >= killAt.Value.Calls) killAt.Value.Reached.TrySetResult();
        });
        using var folder = new TemporaryFolder();
        var store = folder["store.db"];

        for (var kill = 0; kill < Kills; kill++)
        {
            killAt.Value = (calls + random.Next(1, 4), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            using var evaluator = Start(server, store);
            var lines = ReadAnswersAsync(evaluator, reported);
            await Task.WhenAny(killAt.Value.Reached.Task, evaluator.WaitForExitAsync(TestContext.Current.CancellationToken));
            evaluator.Kill();
            await evaluator.WaitForExitAsync(TestContext.Current.CancellationToken);
            await lines;
        }

        killAt.Value = (int.MaxValue, new TaskCompletionSource());
        using var last = Start(server, store);
        var end = ReadAnswersAsync(last, reported);
        await last.WaitForExitAsync(TestContext.Current.CancellationToken);
        await end;
        Assert.Equal(0, last.ExitCode);

        Assert.Empty(askedAgain);
        await using var results = ResultStore.OpenReadOnly(store);
        var run = Assert.Single(results.ListRuns());
        Assert.Equal(RunStatus.Completed, run.Status);
        var answers = results.GetAnswers(run.Id);
        Assert.Equal(release.QuestionCount, answers.Count);
        Assert.All(answers, answer =>
        {
            var question = release.Cases[answer.CaseOrdinal].Questions[answer.QuestionIndex];
            Assert.Equal(Letter(question.Text), answer.Letter);
            Assert.Equal(answer.Letter == question.Key, answer.IsCorrect);
        });
        // A kill can fall between an answer's way to disk and the line that says so: then it is kept, and never reported.
        Assert.InRange(reported.Count, release.QuestionCount - (Kills * Concurrency), release.QuestionCount);
    }

    private sealed class StrongBox<T>
    {
        public T Value { get; set; } = default!;
    }

    private static string Reply(string prompt)
    {
        var start = prompt.IndexOf("* Question: ", StringComparison.Ordinal) + "* Question: ".Length;
        return $"\\boxed{{{Letter(prompt[start..prompt.IndexOf("\n* Options:", start, StringComparison.Ordinal)])}}}";
    }

    private static string Letter(string question) => ((char)('A' + question.Length % 10)).ToString();

    private static async Task ReadAnswersAsync(Process evaluator, ConcurrentDictionary<string, bool> reported)
    {
        var errors = evaluator.StandardError.ReadToEndAsync();
        while (await evaluator.StandardOutput.ReadLineAsync() is { } line)
            if (line.Split(' ') is [var @case, ['Q', ..] question, "correct" or "wrong", ..]) reported[$"{@case} {question}"] = true;
        await errors;
    }

    private static Process Start(FakeModelServer server, string store)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "LiveClin.Evaluator.dll"), "evaluate", "--model", "fake", "--api-base",
            server.BaseUrl.ToString(), "--image-mode", "local",
            "--jsonl-path", EvaluatorHarness.Demo.JsonlPath!, "--store", store, "--concurrency",
            Concurrency.ToString(System.Globalization.CultureInfo.InvariantCulture), "--verbose",
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
