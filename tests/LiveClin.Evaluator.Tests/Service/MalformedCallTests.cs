using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LiveClin.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Bytes that are no request: the caller's mistake, said as such, without a stack trace anywhere.</summary>
[Collection(ProcessWide.Name)]
public sealed class MalformedCallTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _log = new();
    private RunningEvaluator _evaluator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[], bool> Requests => new()
    {
        { "GetRun", [0xff, 0xff, 0xff], false }, // a varint that never ends
        { "GetRun", [0x0a, 0x7f, 0x61], false }, // a text that is longer than the message
        { "ListRuns", [0x0b, 0x0b, 0x0b], false }, // groups that never end
        { "StreamAnswers", [0x0f], false }, // a wire type that does not exist
        { "GetRun", [1, 2, 3], true }, // said to be compressed
        { "ImportResults", [0x12, 0x7f, 0x61], false }, // what a call reads itself
        { "ImportResults", [1, 2, 3], true },
    };

    public async ValueTask InitializeAsync()
    {
        await SampleRuns.CreateStoreAsync(_folder["s.db"], (SampleRuns.Run("run1", "model-a"), []));
        _evaluator = await RunningEvaluator.StartAsync(_folder["s.db"], settings => settings["Logging:LogLevel:Default"] = "Information");
        _evaluator.Services.GetRequiredService<ILoggerFactory>().AddProvider(_log);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Protobuf_that_is_none_is_an_invalid_argument(string method, byte[] message, bool isCompressed)
    {
        using var http = new HttpClient(new BearerHandler(RunningEvaluator.Token));
        using var request = new HttpRequestMessage(HttpMethod.Post,
            new Uri(new Uri($"http://{_evaluator.Channel.Target}"), $"/liveclin.evaluator.v1.EvaluatorService/{method}"))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([isCompressed ? (byte)1 : (byte)0, 0, 0, 0, (byte)message.Length, .. message]),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        if (isCompressed) request.Headers.Add("grpc-encoding", "gzip");
        using var response = await http.SendAsync(request, Cancellation);
        await response.Content.ReadAsByteArrayAsync(Cancellation);
        var said = response.Headers.Concat(response.TrailingHeaders).ToDictionary(header => header.Key, header => header.Value.First());
        Assert.Equal("3", said["grpc-status"]);
        Assert.Contains("is no message of the contract", Uri.UnescapeDataString(said["grpc-message"]), StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_that_is_no_text_is_a_bad_request()
    {
        using var content = new ByteArrayContent([.. "{\"run"u8, 0xff, 0xff, .. "\":1}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _evaluator.Http.PostAsync("v1/runs", content, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"model\":{\"api_id\":5}}")]
    [InlineData("{\"limit\":99999999999999999999}")]
    [InlineData("{\"model\":\"\\ud800\"}")]
    public async Task Json_that_is_none_is_a_bad_request(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _evaluator.Http.PostAsync("v1/runs", content, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.NotEqual("", (string)JsonNode.Parse(text)!["message"]!);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.Single(_log.Lines, line => line.Contains("was refused", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("foo")]
    [InlineData("utf-16")]
    public async Task Json_in_another_character_set_is_a_bad_request(string charset)
    {
        using var content = new ByteArrayContent(Encoding.Unicode.GetBytes("{\"limt\":1}"));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json; charset=" + charset);
        using var response = await _evaluator.Http.PostAsync("v1/runs:plan", content, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("JSON is sent as UTF-8", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Lines, line => line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_of_wrong_fields_takes_no_memory_for_each_of_them()
    {
        using var content = new StringContent(
            $"{{{string.Join(',', Enumerable.Range(0, 150_000).Select(number => $"\"a{number}\":1"))}}}", Encoding.UTF8,
            "application/json");
        var before = GC.GetTotalAllocatedBytes();
        using var response = await _evaluator.Http.PostAsync("v1/runs", content, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100 << 20);
    }

    public async ValueTask DisposeAsync()
    {
        await _evaluator.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class LogLines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
