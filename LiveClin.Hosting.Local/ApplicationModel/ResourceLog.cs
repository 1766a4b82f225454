using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One resource's log: the last lines within limits, and who watches. A slow watcher loses its oldest lines and is told so; it never slows the process down.</summary>
internal sealed class ResourceLog
{
    public const int MaximumLines = 10_000;
    public const int MaximumCharacters = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _backlog = new();
    private readonly List<Channel<LogLine>> _watchers = [];
    private int _characters;
    private int _lastNumber;
    private bool _completed;

    public void Append(string text, bool isError)
    {
        lock (_lock)
        {
            var line = new LogLine(++_lastNumber, $"{ResourceLoggerService.Stamp(DateTime.UtcNow)} {text}", isError);
            _backlog.Enqueue(line);
            _characters += line.Content.Length;
            while (_backlog.Count > MaximumLines || _characters > MaximumCharacters) _characters -= _backlog.Dequeue().Content.Length;
            foreach (var watcher in _watchers) watcher.Writer.TryWrite(line);
        }
    }

    /// <summary>The last lines without their times.</summary>
    public IReadOnlyList<string> Tail(int count)
    {
        lock (_lock) return [.. _backlog.TakeLast(count).Select(l => l.Content[(l.Content.IndexOf(' ', StringComparison.Ordinal) + 1)..])];
    }

    public void Clear()
    {
        lock (_lock)
        {
            _backlog.Clear();
            _characters = 0;
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            _completed = true;
            foreach (var watcher in _watchers) watcher.Writer.TryComplete();
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(bool follow, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var channel = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(MaximumLines) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });
        LogLine[] kept;
        lock (_lock)
        {
            kept = [.. _backlog];
            if (follow && !_completed) _watchers.Add(channel);
            else channel.Writer.TryComplete();
        }

        try
        {
            if (kept.Length > 0) yield return kept;
            var last = kept.Length > 0 ? kept[^1].LineNumber : 0;
            while (await channel.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
            {
                var batch = new List<LogLine>();
                while (batch.Count < 1000 && channel.Reader.TryRead(out var line))
                {
                    if (last > 0 && line.LineNumber > last + 1)
                        batch.Add(new LogLine(last + 1, $"{ResourceLoggerService.Stamp(DateTime.UtcNow)} [{line.LineNumber - last - 1} lines were left out: they came faster than they could be shown]", true));
                    batch.Add(line);
                    last = line.LineNumber;
                }

                yield return batch;
            }
        }
        finally
        {
            lock (_lock) _watchers.Remove(channel);
        }
    }
}
