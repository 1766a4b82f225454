using LiveClin.AppHost.Settings;
using LiveClin.Testing;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Tests.Settings;

/// <summary>Whether an engine for containers answers is asked before anything waits for one.</summary>
public sealed class ContainerRuntimeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task One_that_answers_will_do() => Assert.Null(await FindProblemAsync("exit 0"));

    [Fact]
    public async Task One_that_has_no_daemon_is_quoted()
    {
        var problem = await FindProblemAsync("echo 'Cannot connect to the daemon. Is it running?' >&2; exit 1");
        Assert.Contains("engine says: Cannot connect to the daemon. Is it running?)", problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem!);
    }

    [Fact]
    public async Task One_that_is_not_there_is_named() =>
        Assert.Contains("no-such-engine is not on PATH", await FindAsync("no-such-engine"), StringComparison.Ordinal);

    private async Task<string?> FindProblemAsync(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in is a script.");
        await File.WriteAllTextAsync(_folder["engine"], $"#!/bin/sh\n{script}\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_folder["engine"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        return await FindAsync(_folder["engine"]);
    }

    private static Task<string?> FindAsync(string program)
    {
        var configuration = new ConfigurationManager { ["ASPIRE_CONTAINER_RUNTIME"] = program };
        return ContainerRuntime.FindProblemAsync(configuration, TestContext.Current.CancellationToken);
    }
}
