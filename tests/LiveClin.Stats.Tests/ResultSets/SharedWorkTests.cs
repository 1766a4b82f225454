using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Tests.ResultSets;

public sealed class SharedWorkTests : IDisposable
{
    private readonly SharedWork _work = new();
    private readonly ResultSet _set = SyntheticSets.Counts([2], ("a", [1]));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_asks_meanwhile_shares_what_is_computed_once()
    {
        using var gate = new ManualResetEventSlim();
        var computed = 0;
        var asked = Enumerable.Range(0, 50).Select(_ => _work.FileAsync(_set, "same", Compute, isLong: true, Stop)).ToList();
        gate.Set();
        var files = await Task.WhenAll(asked);
        Assert.All(files, file => Assert.Same(files[0], file));
        Assert.Same(files[0], await _work.FileAsync(_set, "same", Compute, isLong: true, Stop)); // kept
        Assert.Equal(1, computed);
        Assert.NotSame(files[0], await _work.FileAsync(_set, "another", Compute, isLong: true, Stop));
        Assert.NotSame(files[0], await _work.FileAsync(SyntheticSets.Counts([2], ("a", [1])), "same", Compute, isLong: true, Stop));

        byte[] Compute()
        {
            gate.Wait(Stop);
            Interlocked.Increment(ref computed);
            return [1];
        }
    }

    [Fact]
    public async Task What_nobody_waits_for_any_more_is_not_begun()
    {
        using var gate = new ManualResetEventSlim();
        using var left = new CancellationTokenSource();
        var begun = 0;
        // As many as may run at a time, and one that has to wait for its turn.
        var running = Enumerable.Range(0, Environment.ProcessorCount)
            .Select(i => _work.FileAsync(_set, $"{i}", Block, isLong: true, Stop)).ToList();
        var waiting = _work.FileAsync(_set, "abandoned", Begin, isLong: true, left.Token);
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.Set();
        await Task.WhenAll(running);
        Assert.Equal(0, begun);
        Assert.Equal([7], await _work.FileAsync(_set, "abandoned", Begin, isLong: true, Stop));

        byte[] Block()
        {
            gate.Wait(Stop);
            return [1];
        }

        byte[] Begin()
        {
            Interlocked.Increment(ref begun);
            return [7];
        }
    }

    [Fact]
    public async Task What_is_short_does_not_wait_for_what_is_long()
    {
        using var gate = new ManualResetEventSlim();
        var reports = Enumerable.Range(0, Environment.ProcessorCount)
            .Select(i => _work.FileAsync(_set, $"{i}", Block, isLong: true, Stop)).ToList();
        Assert.Equal([7], await _work.FileAsync(_set, "plot", () => [7], isLong: false, Stop));
        gate.Set();
        await Task.WhenAll(reports);

        byte[] Block()
        {
            gate.Wait(Stop);
            return [1];
        }
    }

    [Fact]
    public async Task A_failure_is_told_to_all_and_tried_again()
    {
        using var gate = new ManualResetEventSlim();
        var asked = Enumerable.Range(0, 3).Select(_ => _work.FileAsync(_set, "x", Fail, isLong: true, Stop)).ToList();
        gate.Set();
        foreach (var each in asked) await Assert.ThrowsAsync<InvalidOperationException>(() => each);
        Assert.Equal([1], await _work.FileAsync(_set, "x", () => [1], isLong: true, Stop));

        byte[] Fail()
        {
            gate.Wait(Stop);
            throw new InvalidOperationException("no");
        }
    }

    [Fact]
    public async Task Who_asks_while_a_call_is_under_way_gets_the_one_after_it()
    {
        var calls = new List<TaskCompletionSource<int>>();
        using var called = new SemaphoreSlim(0);
        var shared = new SharedCall<int>(() =>
        {
            var call = new TaskCompletionSource<int>();
            lock (calls) calls.Add(call);
            called.Release();
            return call.Task;
        });
        var first = shared.GetAsync(Stop);
        await called.WaitAsync(Stop);
        var later = Enumerable.Range(0, 20).Select(_ => shared.GetAsync(Stop)).ToList();
        calls[0].SetException(new InvalidOperationException("no")); // the failure of one is none of the next
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await called.WaitAsync(Stop);
        calls[1].SetResult(2);
        Assert.All(await Task.WhenAll(later), answer => Assert.Equal(2, answer));
        Assert.Equal(2, calls.Count);
    }

    public void Dispose() => _work.Dispose();
}
