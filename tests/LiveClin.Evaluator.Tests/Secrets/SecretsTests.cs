using System.Diagnostics;
using System.Text;
using Grpc.Core;
using LiveClin.Evaluator.Tests.Service;
using LiveClin.Evaluator.Tests.Telemetry;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using Microsoft.AspNetCore.Http;

namespace LiveClin.Evaluator.Tests.Secrets;

/// <summary>An API key goes into the Authorization header and nowhere else, even when the server says it back.</summary>
public sealed class SecretsTests : IDisposable
{
    private const string Key = "sk-audit-7d1f0b6c93e84a5fbb20";

    // Half of a key is a secret too: texts that are cut must not be cut in the middle of it.
    private static readonly string[] Forbidden = [Key, Key[..16], Convert.ToBase64String(Encoding.ASCII.GetBytes(Key)),
        "url-password-55aa"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Demo => Path.Combine(SharedData.RepositoryRoot, "data", "demo", "demo.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_in_the_environment_is_found_nowhere_else()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        var arguments = new List<string>();
        await using var server = await FakeModelServer.StartAsync(async (call, context) =>
        {
            if (call.Number == 3) arguments.AddRange(CommandLines());
            await AnswerAsync(call, context);
        });
        await using var sink = await OtlpSink.StartAsync();
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] args =
        [
            Path.Combine(AppContext.BaseDirectory, "LiveClin.Evaluator.dll"), "evaluate", "--model", "fake", "--api-base",
            server.BaseUrl.ToString(), "--image-mode", "local",
            "--jsonl-path", Demo, "--store", _folder["s.db"], "--output", _folder["v1.json"], "--export-folder", _folder["core"],
            "--max-retries", "1", "--verbose",
        ];
        foreach (var arg in args) start.ArgumentList.Add(arg);
        start.Environment["LIVECLIN_API_KEY"] = Key;
        sink.Configure(start.Environment);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);

        Assert.All(server.Calls, call => Assert.Equal("Bearer " + Key, call.Authorization));
        Assert.Equal(1, process.ExitCode); // some questions got no reply
        Assert.Contains("HTTP 500", await output, StringComparison.Ordinal);
        Assert.Contains(arguments, line => line.Contains("LiveClin.Evaluator.dll", StringComparison.Ordinal)
            && line.Contains("evaluate", StringComparison.Ordinal));
        AssertClean("the output", await output + await errors);
        AssertClean("the process list", string.Join('\n', arguments));
        AssertClean("traces", sink.Text("/v1/traces"));
        AssertClean("logs", sink.Text("/v1/logs"));
        AssertFilesClean();
    }

    [Fact]
    public async Task A_key_in_a_request_is_found_nowhere_else()
    {
        await using var server = await FakeModelServer.StartAsync(AnswerAsync);
        await using var sink = await OtlpSink.StartAsync();
        string runId;
        await using (var evaluator = await RunningEvaluator.StartAsync(_folder["s.db"], settings =>
        {
            sink.Configure(settings);
            settings["Logging:LogLevel:Default"] = "Trace";
        }))
        {
            var model = new ModelSpec
            {
                ApiId = "fake",
                ApiKey = Key,
                Endpoint = $"http://user:url-password-55aa@127.0.0.1:{server.BaseUrl.Port}/v1",
            };
            var request = new StartRunRequest
            {
                IdempotencyKey = "audit",
                Model = model,
                Release = new ReleaseSource { JsonlPath = Demo },
                MaxRetries = 1,
                VisionCheck = true,
            };
            runId = (await evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run.Id;
            await WatchAsync(evaluator, runId);
            await evaluator.Client.ResumeRunAsync(new ResumeRunRequest { RunId = runId, ApiKey = Key, MaxRetries = 0 },
                cancellationToken: Cancellation);
            await WatchAsync(evaluator, runId);
            await evaluator.Client.VisionCheckAsync(new VisionCheckRequest { Model = model }, cancellationToken: Cancellation);

            AssertClean("GetRun", await evaluator.Http.GetStringAsync($"v1/runs/{runId}", Cancellation));
            AssertClean("StreamAnswers", await evaluator.Http.GetStringAsync($"v1/answers?run_ids={runId}", Cancellation));
            foreach (var format in (string[])["v1", "jsonl", "csv"])
                AssertClean(format, await evaluator.Http.GetStringAsync($"v1/runs/{runId}:export?format={format}", Cancellation));
            request.Model.Sampling = new Sampling { ExtraBodyJson = "[" };
            request.IdempotencyKey = "audit-2";
            var refused = await Assert.ThrowsAsync<RpcException>(async () =>
                await evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation));
            AssertClean("an error", refused.ToString());
        }

        var (traces, logs) = (sink.Text("/v1/traces"), sink.Text("/v1/logs"));
        Assert.Contains("chat fake", traces, StringComparison.Ordinal);
        Assert.Contains("gen_ai.evaluation.result", logs, StringComparison.Ordinal);
        AssertClean("traces", traces);
        AssertClean("logs", logs);
        AssertClean("metrics", sink.Text("/v1/metrics"));
        AssertFilesClean();
    }

    // Every fourth question is answered with the key itself, once with just so much before it that a text of 500 characters ends inside it.
    private static Task AnswerAsync(ChatCall call, HttpContext context) => (call.Messages.Count, call.Number % 2) switch
    {
        (7, 0) => FakeModelServer.WriteAsync(context, 500, $"wrong header: {call.Authorization}", "text/plain"),
        (7, 1) => FakeModelServer.WriteAsync(context, 500, new string('x', 480) + " " + call.Authorization!["Bearer ".Length..],
            "text/plain"),
        _ => FakeModelServer.ReplyAsync(context, "\\boxed{A}"),
    };

    private static async Task WatchAsync(RunningEvaluator evaluator, string runId)
    {
        using var watch = evaluator.Client.WatchRun(new WatchRunRequest { RunId = runId }, cancellationToken: Cancellation);
        await foreach (var change in watch.ResponseStream.ReadAllAsync(Cancellation)) AssertClean("WatchRun", change.ToString());
    }

    private static IEnumerable<string> CommandLines()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)))
        {
            string line;
            try { line = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' '); }
            catch (IOException) { continue; } // it has ended
            catch (UnauthorizedAccessException) { continue; }
            yield return line;
        }
    }

    private void AssertFilesClean()
    {
        var files = Directory.EnumerateFiles(_folder.FullName, "*", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)).ToList();
        Assert.Contains(files, path => path.EndsWith("s.db", StringComparison.Ordinal));
        foreach (var path in files) AssertClean(path, Encoding.Latin1.GetString(File.ReadAllBytes(path)));
    }

    private static void AssertClean(string what, string text)
    {
        foreach (var secret in Forbidden)
        {
            var at = text.IndexOf(secret, StringComparison.Ordinal);
            Assert.True(at < 0, at < 0 ? "" : $"{what} holds a secret: …{text[Math.Max(0, at - 200)..Math.Min(text.Length, at + 60)]}…");
        }
    }
}
