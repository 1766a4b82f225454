using LiveClin.Core.Answers;
using LiveClin.Core.Costs;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Runs;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Costs;

/// <summary>The rule that keeps a run below a cost: a token costs 1, and a reply is expected to take 10.</summary>
public sealed class SpendingLimitTests
{
    private const int Expected = 10, Requests = 100;
    private readonly ModelSpending _spending = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_that_has_ended_makes_room_for_two()
    {
        var limit = Limit(10_000);
        await limit.EnterAsync(Stop);
        for (var ended = 0; ended < 3; ended++)
        {
            var next = limit.EnterAsync(Stop);
            Assert.Equal(ended > 0, next.IsCompleted); // the first is alone until it has ended
            End(limit, Expected);
            await next.WaitAsync(Stop);
        }

        var (room, count) = (new List<Task>(), 0);
        do room.Add(limit.EnterAsync(Stop));
        while (room[^1].IsCompleted && ++count < Requests);
        Assert.Equal((2 * 3) - 1, count); // one is under way already
    }

    [Fact]
    public async Task What_a_question_may_cost_is_what_the_dearest_has_cost()
    {
        var limit = Limit(100);
        await limit.EnterAsync(Stop);
        End(limit, 40);
        await limit.EnterAsync(Stop); // 60 are left
        var second = limit.EnterAsync(Stop);
        Assert.False(second.IsCompleted); // twice 40 would be too much
        End(limit, 5);
        await second.WaitAsync(Stop); // 55 are left
        End(limit, 20);
        var reached = await Assert.ThrowsAsync<RunHaltedException>(() => limit.EnterAsync(Stop));
        Assert.True(reached.IsLimit);
        Assert.Contains("have cost 65.00 USD, and a further question may cost 40.00 USD", reached.Message, StringComparison.Ordinal);
        Assert.Equal(reached.Message, await limit.FindStopAsync());
    }

    [Fact]
    public async Task As_long_as_something_is_under_way_its_true_cost_is_waited_for()
    {
        var limit = Limit(35);
        await limit.EnterAsync(Stop);
        End(limit, 20);
        var next = limit.EnterAsync(Stop); // 15 are left, and 20 may be needed: but nothing is under way
        Assert.True((await Assert.ThrowsAsync<RunHaltedException>(() => next)).IsLimit);
    }

    [Fact]
    public async Task A_reply_that_never_came_costs_nothing_and_gives_its_room_back()
    {
        var limit = Limit(2 * Expected);
        for (var i = 0; i < 5; i++)
        {
            await limit.EnterAsync(Stop);
            limit.Leave(null);
        }

        Assert.Null(await limit.FindStopAsync());
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_holds_no_room()
    {
        var limit = Limit(1000);
        await limit.EnterAsync(Stop);
        using var impatience = new CancellationTokenSource();
        var waiting = limit.EnterAsync(impatience.Token);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        End(limit, Expected);
        await limit.EnterAsync(Stop);
        await limit.EnterAsync(Stop);
        Assert.False(limit.EnterAsync(Stop).IsCompleted);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20260129)]
    public async Task Many_at_once_never_exceed_it_whatever_replies_cost_up_to_the_dearest(int seed)
    {
        const double Most = 5000;
        const int Dearest = 60;
        var limit = Limit(Most);
        await limit.EnterAsync(Stop);
        End(limit, Dearest);
        var asked = 1;
        await Parallel.ForAsync(0, 32, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Stop },
            async (worker, token) =>
        {
            var random = new Random(seed + worker);
            while (true)
            {
                try
                {
                    await limit.EnterAsync(token);
                }
                catch (RunHaltedException)
                {
                    return;
                }

                Interlocked.Increment(ref asked);
                await Task.Yield();
                End(limit, random.Next(1, Dearest + 1));
            }
        });

        Assert.InRange(_spending.Spent.Output, Most - Dearest, Most);
        Assert.InRange(asked, (int)(Most / Dearest), (int)Most);
    }

    [Fact]
    public async Task A_first_wave_is_small_unless_ten_times_the_expected_cost_fits()
    {
        Assert.Equal(Requests, await Limit(Requests * Expected * 10).ReserveAsync(Requests));
        Assert.Equal(10, await Limit((Requests * Expected * 10) - 1).ReserveAsync(Requests));
        Assert.Equal(10, await Limit(Requests * Expected).ReserveAsync(Requests));
        Assert.Equal(4, await Limit(4 * Expected).ReserveAsync(Requests));
        Assert.Equal(3, await Limit(Requests * Expected).ReserveAsync(3));
    }

    [Fact]
    public async Task Later_waves_fit_the_rest_by_the_dearest_reply()
    {
        var limit = Limit(1000);
        Assert.Equal(10, await limit.ReserveAsync(Requests));
        for (var i = 0; i < 10; i++) End(limit, i == 3 ? 50 : 12);
        // 158 are spent; each of the next may cost 50.
        Assert.Equal((1000 - 158) / 50, await limit.ReserveAsync(Requests));
        Assert.Equal(0, await limit.ReserveAsync(Requests)); // the rest is waited for
    }

    private SpendingLimit Limit(double most) => new(
        new Price { Output = 1e6 }, most, _spending, Task.FromResult(new RunEstimate(Requests, 0, 0, Requests * Expected)));

    private void End(SpendingLimit limit, int tokens)
    {
        var answer = SampleRuns.Answer(0, 0, Outcome.Correct) with { Usage = new TokenUsage(0, null, tokens, null) };
        _spending.Add(answer);
        limit.Leave(answer);
    }
}
