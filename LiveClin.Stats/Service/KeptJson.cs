using Google.Protobuf;
using LiveClin.Stats.ResultSets;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace LiveClin.Stats.Service;

/// <summary>
/// Large answers as JSON: transcoding writes one of them once, and everybody who asks for it later gets the same bytes. To write seven
/// megabytes takes buffers of a hundred and fifty, which each thread that has done so keeps: fifty clients would need a gigabyte.
/// </summary>
internal sealed class KeptJson(SharedWork work) : IDisposable
{
    private const long Large = 1L << 20;

    // Whoever reads the first one slowly keeps nobody waiting for longer than this.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _writing = new(1, 1);

    /// <summary>
    /// An answer for transcoding to write: the computed one, or an empty one where bytes are known, which go out in its place.
    /// </summary>
    /// <param name="context">The call.</param>
    /// <param name="set">What the answer is computed of.</param>
    /// <param name="asked">What is asked, as a text: the same text means the same answer.</param>
    /// <param name="compute">Computes the answer.</param>
    public async Task<T> AnswerAsync<T>(HttpContext context, ResultSet set, string asked, Func<Task<T>> compute) where T : class, IMessage,
    new()
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is null) return await compute();
        var what = $"json of {asked}";
        if (work.FindFile(set, what) is { } known) return Replace<T>(context, known);
        var answer = await compute();
        if (answer.CalculateSize() < Large || !await _writing.WaitAsync(Patience, context.RequestAborted)) return answer;
        known = work.FindFile(set, what);
        if (known is null)
        {
            Record(context, bytes =>
            {
                work.KeepFile(set, what, bytes);
                work.Forget<T>(set, asked); // twice the size, for the few who ask by gRPC
            });
            return answer;
        }

        _writing.Release();
        return Replace<T>(context, known);
    }

    private static T Replace<T>(HttpContext context, byte[] known) where T : new()
    {
        context.Response.Body = new ReplacedBody(context.Response.Body, known);
        return new T();
    }

    private void Record(HttpContext context, Action<byte[]> keep)
    {
        var recorded = new RecordedBody(context.Response.Body);
        context.Response.Body = recorded;
        context.Response.OnCompleted(() =>
        {
            if (context is { Response.StatusCode: StatusCodes.Status200OK, RequestAborted.IsCancellationRequested: false })
                keep(recorded.ToArray());
            _writing.Release();
            return Task.CompletedTask;
        });
    }

    public void Dispose() => _writing.Dispose();

    /// <summary>Remembers what is sent.</summary>
    private sealed class RecordedBody(Stream network) : WrittenBody
    {
        private readonly MemoryStream _bytes = new();

        public byte[] ToArray() => _bytes.ToArray();

        protected override ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            _bytes.Write(bytes.Span);
            return network.WriteAsync(bytes, cancellationToken);
        }
    }

    /// <summary>Sends known bytes once instead of all that is written.</summary>
    private sealed class ReplacedBody(Stream network, byte[] known) : WrittenBody
    {
        private bool _isSent;

        protected override ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
            Interlocked.Exchange(ref _isSent, true) ? ValueTask.CompletedTask : network.WriteAsync(known, cancellationToken);
    }

    private abstract class WrittenBody : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        protected abstract ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            SendAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            SendAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
            // Nothing is held back.
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
