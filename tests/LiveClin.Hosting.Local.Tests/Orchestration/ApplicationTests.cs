using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.Hosting.Local.Tests.Orchestration;

/// <summary>Small applications of real processes.</summary>
public class ApplicationTests
{
    private const string Serve = "import http.server,os;http.server.HTTPServer(('127.0.0.1',int(os.environ['PORT'])),http.server.SimpleHTTPRequestHandler).serve_forever()";

    [Fact]
    public async Task A_resource_starts_when_its_dependency_is_healthy_and_gets_its_address()
    {
        var builder = Builder();
        var server = builder.AddExecutable("my-server", "python3", ".", "-u", "-c", Serve).WithHttpEndpoint(env: "PORT").WithHttpHealthCheck("/");
        var client = builder.AddExecutable("client", "python3", ".", "-c", "import os;print('url='+os.environ['MY_SERVER_HTTP'],'discovery='+os.environ['services__my-server__http__0'])").WithReference(server.GetEndpoint("http")).WaitFor(server);
        await using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);

        var ended = await app.ResourceNotifications.WaitForResourceAsync("client", e => e.Snapshot.State?.Text == KnownResourceStates.Finished, TestContext.Current.CancellationToken);

        var url = server.GetEndpoint("http").Url;
        Assert.Equal(0, ended.Snapshot.ExitCode);
        Assert.Contains($"url={url} discovery={url}", await LogAsync(app, client.Resource), StringComparison.Ordinal);
        await app.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(KnownResourceStates.Exited, State(app, "my-server"));
    }

    [Fact]
    public async Task Explicit_start_waits_for_the_command_and_gets_a_fresh_port_each_time()
    {
        var builder = Builder();
        var server = builder.AddExecutable("server", "python3", ".", "-u", "-c", Serve).WithHttpEndpoint(env: "PORT").WithHttpHealthCheck("/").WithExplicitStart();
        await using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(KnownResourceStates.NotStarted, State(app, "server"));

        Assert.True((await app.ResourceCommands.ExecuteCommandAsync(server.Resource, KnownResourceCommands.StartCommand, TestContext.Current.CancellationToken)).Success);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("server", TestContext.Current.CancellationToken);
        var first = server.GetEndpoint("http").Port;
        Assert.True((await app.ResourceCommands.ExecuteCommandAsync(server.Resource, KnownResourceCommands.RestartCommand, TestContext.Current.CancellationToken)).Success);

        Assert.NotEqual(first, server.GetEndpoint("http").Port);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_start_that_fails_says_why_and_the_rest_runs()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        var builder = Builder();
        var missing = builder.AddExecutable("missing", "no-such-program", ".");
        var blocked = builder.AddExecutable("blocked", "sleep", ".", "60").WithHttpEndpoint(port: port);
        builder.AddExecutable("fine", "sleep", ".", "60");
        await using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal([KnownResourceStates.FailedToStart, KnownResourceStates.FailedToStart, KnownResourceStates.Running], [State(app, "missing"), State(app, "blocked"), State(app, "fine")]);
        Assert.Contains("'no-such-program' was not found on PATH", await LogAsync(app, missing.Resource), StringComparison.Ordinal);
        Assert.Contains($"port {port} of its endpoint 'http' is in use", await LogAsync(app, blocked.Resource), StringComparison.Ordinal);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Secrets_reach_the_process_and_nothing_that_is_shown()
    {
        var builder = Builder();
        builder.Configuration["Parameters:api-key"] = "hush";
        var key = builder.AddParameter("api-key", secret: true);
        builder.AddExecutable("user", "sh", ".", "-c", "test \"$KEY\" = hush").WithEnvironment("KEY", key);
        await using var app = builder.Build();
        await app.StartAsync(TestContext.Current.CancellationToken);

        var ended = await app.ResourceNotifications.WaitForResourceAsync("user", e => e.Snapshot.ExitCode is not null, TestContext.Current.CancellationToken);

        Assert.Equal(0, ended.Snapshot.ExitCode);
        Assert.Equal("********", ended.Snapshot.EnvironmentVariables.Single(v => v.Name == "KEY").Value);
        app.ResourceNotifications.TryGetCurrentState("api-key", out var parameter);
        Assert.DoesNotContain(parameter!.Snapshot.Properties, p => p.Value as string == "hush");
    }

    [Fact]
    public void Names_are_unique_and_well_formed()
    {
        var builder = Builder();
        builder.AddExecutable("one", "sh", ".");

        Assert.Throws<DistributedApplicationException>(() => builder.AddExecutable("ONE", "sh", "."));
        Assert.All(["1st", "a--b", "a-", "a b", new string('a', 65)], name => Assert.ThrowsAny<ArgumentException>(() => builder.AddExecutable(name, "sh", ".")));
    }

    private static IDistributedApplicationBuilder Builder() => DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true, ProjectDirectory = Path.GetTempPath() });

    private static string? State(DistributedApplication app, string name) => app.ResourceNotifications.TryGetCurrentState(name, out var state) ? state.Snapshot.State?.Text : null;

    private static async Task<string> LogAsync(DistributedApplication app, IResource resource)
    {
        var lines = new List<string>();
        await foreach (var batch in app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(resource)) lines.AddRange(batch.Select(l => l.Content));
        return string.Join('\n', lines);
    }
}
