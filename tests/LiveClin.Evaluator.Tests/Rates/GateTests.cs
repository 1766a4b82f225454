using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Tests.Rates;

/// <summary>How many requests are let through, and what narrows and widens that.</summary>
public sealed class GateTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();

    [Fact]
    public void It_is_halved_once_a_second_however_many_failures_come_and_widens_again()
    {
        var states = new List<GateState>();
        var gate = new RequestGate(8, _time) { OnChange = states.Add };
        for (var i = 0; i < 8; i++) gate.Narrow(null, "http_503");
        Assert.Equal([new GateState(4, "4 of 8 requests at a time: http_503")], states);
        _time.Advance(Second);
        gate.Narrow(null, "http_429");
        Assert.Equal(new GateState(2, "2 of 8 requests at a time: http_429"), states[^1]);
        for (var i = 0; i < 100; i++) gate.Answered(default, Second, null);
        Assert.Equal(new GateState(8, null), states[^1]);
    }

    [Fact]
    public void Replies_that_take_ever_longer_narrow_it()
    {
        var states = new List<GateState>();
        var gate = new RequestGate(40, _time) { OnChange = states.Add };
        for (var i = 0; i < 80; i++) gate.Answered(default, Second, null);
        for (var i = 0; i < 40; i++) gate.Answered(default, Second * 1.9, null); // later turns are longer
        Assert.Empty(states);
        for (var i = 0; i < 40; i++) gate.Answered(default, Second * 10, null);
        Assert.Equal(new GateState(20, "20 of 40 requests at a time: replies take ever longer"), states[^1]);
    }

    [Fact]
    public void A_long_wait_says_how_long_it_is()
    {
        var states = new List<GateState>();
        var gate = new RequestGate(8, _time) { OnChange = states.Add };
        gate.Narrow(Second, "http_429");
        Assert.Equal(new GateState(states[^1].Limit, "waiting: http_429", IsWaiting: true), states[^1]);
        gate.Narrow(TimeSpan.FromMinutes(12), "http_429");
        Assert.Matches(@"^waiting 12 min \(until \d\d:\d\d UTC\): http_429$", states[^1].Note!);
        gate.Narrow(TimeSpan.FromMinutes(2), "http_503"); // ends earlier
        Assert.StartsWith("waiting 12 min (", states[^1].Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_server_still_takes_is_kept()
    {
        var gate = new RequestGate(8, TimeProvider.System);
        gate.Observe(new RateLimits(1, TimeSpan.FromHours(1), null, null));
        await gate.EnterAsync(TestContext.Current.CancellationToken);
        gate.Observe(new RateLimits(0, TimeSpan.FromMinutes(10), null, null));
        using var patience = new CancellationTokenSource();
        var second = gate.EnterAsync(patience.Token);
        Assert.False(second.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    [Fact]
    public void Tokens_are_paced_to_what_the_settings_and_the_server_allow()
    {
        var pace = new TokenPace(6000, _time); // 100 a second, 1,000 at once
        Assert.Null(pace.Wait());
        pace.Settle(pace.Take(), 500);
        Assert.Null(pace.Wait());
        pace.Settle(pace.Take(), 500); // the bucket is empty
        Assert.Equal(TimeSpan.FromSeconds(5), pace.Wait());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(pace.Wait());
        pace.Take();
        pace.Told(3000, null, 0);
        Assert.Equal((3000, TimeSpan.FromSeconds(10)), (pace.PerMinute, pace.Wait()));
        pace.Told(1_000_000, null, 0); // the settings' limit stays
        Assert.Equal(6000, pace.PerMinute);
        _time.Advance(TimeSpan.FromMinutes(1));
        pace.Told(null, 100, underWay: 0); // others use the same account
        Assert.Equal(TimeSpan.FromSeconds(4), pace.Wait());
    }

    [Fact]
    public void Nothing_is_paced_where_nobody_says_so()
    {
        var pace = new TokenPace(null, _time);
        for (var i = 0; i < 100; i++) pace.Settle(pace.Take(), 1_000_000);
        Assert.Null(pace.Wait());
    }
}
