using LiveClin.AppHost.Sweep;

namespace LiveClin.AppHost.Tests.Sweep;

public sealed class BackoffTests
{
    [Fact]
    public void Each_wait_is_twice_the_one_before_up_to_a_minute() =>
        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], Enumerable.Range(1, 8).Select(r => Backoff.Before(r).TotalSeconds));
}
