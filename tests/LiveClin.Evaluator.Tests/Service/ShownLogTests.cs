using System.Collections.Concurrent;
using System.Net.Http.Json;
using Grpc.Core;
using LiveClin.Core.Text;
using LiveClin.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>What a caller wrote steers nobody's terminal, whichever provider writes the log.</summary>
public sealed class ShownLogTests : RunCalls
{
    private const string Hostile = "a\u001b]52;c;cm0=\u0007b\u001b[2Jc\u202ed\ne";

    [Fact]
    public async Task Names_and_keys_of_calls_are_harmless_in_every_line()
    {
        using var lines = new Lines();
        Evaluator.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        await using var server = await FakeModelServer.StartAsync(_ => "\\boxed{A}");
        var request = Request(server);
        (request.IdempotencyKey, request.Limit) = (Hostile, 1);
        await WaitForEndAsync((await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation)).Run.Id);
        request.Model.Name = Hostile;
        await Assert.ThrowsAsync<RpcException>(async () => await Evaluator.Client.StartRunAsync(request, cancellationToken: Cancellation));
        using var json = await Evaluator.Http.PostAsJsonAsync("/v1/runs",
            new { idempotencyKey = Hostile, model = new { name = Hostile + "2" } }, Cancellation);
        var logger = Evaluator.Services.GetRequiredService<ILogger<ShownLogTests>>();
        logger.LogWarning(new InvalidOperationException(Hostile), "model {Model} in {Number}", Hostile, 5);
        using (logger.BeginScope(new Dictionary<string, object> { ["model"] = "m" })) logger.LogWarning("plain {Model}", "m");

        Assert.Contains(lines.Written, line => line.Contains("abc\ufffdd e", StringComparison.Ordinal));
        Assert.Contains("plain m|Model=m,{OriginalFormat}=plain {Model}|", lines.Written);
        Assert.All(lines.Written, line => Assert.Equal(line, ShownText.Lines(line)));
        // Of lines, only a stack trace has more than one.
        Assert.All(lines.Written, line => Assert.DoesNotContain('\n', line[..line.LastIndexOf('|')]));
    }

    private sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Written.Enqueue($"{formatter(state, exception)}|{string.Join(',', (state as IReadOnlyList<KeyValuePair<string, object?>> ?? []).Select(value => $"{value.Key}={value.Value}"))}|{exception}");

        public void Dispose()
        {
        }
    }
}
