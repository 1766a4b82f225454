using LiveClin.AppHost.Sweep;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>Which restarts count against Restarts.</summary>
public sealed class RestartCountTests
{
    private static readonly RunEnding Death = new(null, ServerDied: true);
    private static readonly RunEnding AtSuspects = Death with { IsAtSuspects = true };
    private static readonly RunEnding Found = AtSuspects with { IsCauseFound = true };

    [Fact]
    public void The_search_for_a_question_is_free_and_the_death_it_began_with_forgiven()
    {
        var restarts = new RestartCount();
        Assert.True(restarts.IsCounted(Death, 10));
        restarts.Count();
        Assert.Equal(1, restarts.Counted);
        Assert.False(restarts.IsCounted(AtSuspects, 30));
        Assert.False(restarts.IsCounted(Found, 30));
        Assert.Equal(0, restarts.Counted);
        // A second find has nothing left to forgive.
        Assert.False(restarts.IsCounted(Found, 30));
        Assert.Equal(0, restarts.Counted);
        Assert.True(restarts.IsCounted(Death, 31));
    }

    [Fact]
    public void A_server_that_dies_on_and_on_without_an_answer_is_itself_at_fault()
    {
        var restarts = new RestartCount();
        var counted = Enumerable.Range(0, RestartCount.Patience + 1).Select(_ => restarts.IsCounted(AtSuspects, 7)).ToList();
        Assert.Equal([.. Enumerable.Repeat(false, RestartCount.Patience), true], counted);
        Assert.False(restarts.IsCounted(AtSuspects, 8));
    }
}
