using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using LiveClin.Core.Results;
using LiveClin.Testing;
using LiveClin.Testing.Networks;

namespace LiveClin.Evaluator.Tests.Sharing;

/// <summary>An <c>evaluate</c> of the demo as a process of its own, which tells what it has stored.</summary>
internal sealed class EvaluatorProcess
{
    /// <summary>How a line begins that says so of the database.</summary>
    public const string IsGone = "warning: the database cannot be reached since";

    private const string IsStopping = "Stopping:";
    private readonly Process _process;
    private readonly Task<string> _output, _errors;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(StringComparer.Ordinal);

    private EvaluatorProcess(Process process, ConcurrentDictionary<string, bool>? reported)
    {
        _process = process;
        _output = ReadAsync(reported);
        _errors = ReadErrorsAsync();
    }

    /// <summary>Starts it; the connection string, which holds a password, comes from the environment.</summary>
    /// <param name="server">Its model server.</param>
    /// <param name="database">The store.</param>
    /// <param name="concurrency">Conversations at a time.</param>
    /// <param name="reported">Gets what it says to have stored.</param>
    /// <param name="network">The network that it is in; null for that of the tests.</param>
    /// <param name="retries">How often a question is asked again; null for the usual number.</param>
    /// <param name="limit">Number of first cases; null for all.</param>
    public static EvaluatorProcess Start(
        FakeModelServer server, string database, int concurrency, ConcurrentDictionary<string, bool>? reported = null,
        SeparateNetwork? network = null, int? retries = null, int? limit = null)
    {
        string[] arguments =
        [
            Path.Combine(AppContext.BaseDirectory, "LiveClin.Evaluator.dll"), "evaluate", "--model", "fake", "--api-base",
            server.BaseUrl.ToString(), "--image-mode", "local",
            "--jsonl-path", Runs.EvaluatorHarness.Demo.JsonlPath!, "--concurrency", concurrency.ToString(CultureInfo.InvariantCulture),
            "--verbose", .. retries is { } number ? (string[])["--max-retries", number.ToString(CultureInfo.InvariantCulture)] : [],
            .. limit is { } cases ? (string[])["--limit", cases.ToString(CultureInfo.InvariantCulture)] : [],
        ];
        var start = Interruptible.Start("dotnet", arguments);
        if (network is not null) start = network.Enter(start);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        start.Environment[StoreLocation.Variable] = database;
        return new EvaluatorProcess(Process.Start(start)!, reported);
    }

    public async Task KillAsync()
    {
        _process.Kill();
        await EndAsync();
    }

    /// <summary>As Ctrl+C does; it has been heard when this returns.</summary>
    public async Task InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await SaysAsync(IsStopping);
    }

    /// <summary>Completes when a line of its standard error begins with this; fails when it ends without.</summary>
    public async Task SaysAsync(string beginning)
    {
        var said = Awaited(beginning).Task;
        await Task.WhenAny(said, _errors).WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(said.IsCompleted, $"It never said '{beginning}'.");
    }

    private TaskCompletionSource Awaited(string beginning) =>
        _awaited.GetOrAdd(beginning, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    public async Task<(int Code, string Output, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (_process.ExitCode, await _output, await _errors);
    }

    private async Task<string> ReadErrorsAsync()
    {
        var all = new StringBuilder();
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            all.AppendLine(line);
            foreach (var beginning in (string[])[IsStopping, IsGone])
                if (line.StartsWith(beginning, StringComparison.Ordinal)) Awaited(beginning).TrySetResult();
        }

        return all.ToString();
    }

    private async Task<string> ReadAsync(ConcurrentDictionary<string, bool>? reported)
    {
        var all = new StringBuilder();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            all.AppendLine(line);
            if (reported is not null && line.Split(' ') is [var clinicalCase, ['Q', ..] question, "correct" or "wrong", ..])
                reported[$"{clinicalCase} {question}"] = true;
        }

        return all.ToString();
    }
}
