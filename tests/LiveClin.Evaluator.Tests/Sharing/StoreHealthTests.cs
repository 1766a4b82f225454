using System.Net;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Service;
using LiveClin.Evaluator.Tests.Rates;
using LiveClin.Evaluator.Tests.Service;
using LiveClin.Testing;
using LiveClin.Testing.Postgres;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LiveClin.Evaluator.Tests.Sharing;

/// <summary>A service whose database is gone is alive, and not ready.</summary>
public sealed class StoreHealthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_its_database_a_service_is_alive_and_not_ready_and_says_why_to_strangers_without_the_address()
    {
        await using var database = await TestDatabases.StartServerAsync();
        await using var service = await RunningEvaluator.StartAsync(await database.CreateDatabaseAsync());
        using var http = new HttpClient { BaseAddress = service.Http.BaseAddress };
        await database.StopAsync();

        // The service looks by itself, too, five seconds after its start: what it has seen then holds for a while.
        while ((await http.GetAsync("health", Cancellation)).StatusCode == HttpStatusCode.OK) await Task.Delay(50, Cancellation);
        using var ready = await http.GetAsync("health", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal(
            "Unhealthy\nstore: the database cannot be reached; what is answered waits to be stored.",
            await ready.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("Healthy", await http.GetStringAsync("alive", Cancellation));
    }

    [Fact]
    public async Task A_database_that_is_back_is_ready_again_and_asked_no_more_often_than_every_few_seconds()
    {
        await using var database = await TestDatabases.StartServerAsync();
        await using var store = ResultStore.Open(await database.CreateDatabaseAsync());
        var time = new ManualTime();
        using var health = new StoreHealth(store, time);
        Assert.Equal(HealthStatus.Healthy, await CheckAsync(health));
        await database.StopAsync();
        Assert.Equal(HealthStatus.Healthy, await CheckAsync(health)); // known, not asked
        time.Advance(StoreHealth.Validity);
        Assert.Equal(HealthStatus.Unhealthy, await CheckAsync(health));
        await database.StartAgainAsync();
        time.Advance(StoreHealth.Validity);
        Assert.Equal(HealthStatus.Healthy, await CheckAsync(health));
    }

    [Fact]
    public async Task A_file_is_always_there()
    {
        using var folder = new TemporaryFolder();
        await using var store = ResultStore.Open(folder["s.db"]);
        using var health = new StoreHealth(store, TimeProvider.System);
        Assert.Equal(HealthStatus.Healthy, await CheckAsync(health));
    }

    private static async Task<HealthStatus> CheckAsync(StoreHealth health) =>
        (await health.CheckHealthAsync(new HealthCheckContext(), Cancellation)).Status;
}
