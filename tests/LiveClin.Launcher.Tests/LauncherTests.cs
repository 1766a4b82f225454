using System.Collections;
using System.Text;
using System.Text.Json.Nodes;
using LiveClin.Testing;
using static LiveClin.Launcher.Tests.LaunchedServer;

namespace LiveClin.Launcher.Tests;

/// <summary>How servers run and end in the ordinary ways.</summary>
public sealed class LauncherTests
{
    [Theory]
    [InlineData("import sys; sys.exit(0)", 0, "exit code 0")]
    [InlineData("import sys; sys.exit(42)", 42, "exit code 42")]
    [InlineData("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", 137, "exit code 137 (signal 9, SIGKILL)")]
    [InlineData("import os; os.abort()", 134, "exit code 134 (signal 6, SIGABRT)")]
    public async Task Exit_codes_and_signals_are_reported_as_they_are(string script, int code, string words)
    {
        await using var server = LaunchedServer.Start(script);

        Assert.Equal(code, await server.EndAsync());

        Assert.EndsWith($"ended with {words}", server.Errors.TrimEnd(), StringComparison.Ordinal);
        await server.GoneAsync();
    }

    [Fact]
    public async Task A_missing_program_is_named()
    {
        await using var server = StartProgram(["no-such-program", "x"]);

        Assert.Equal(LauncherExitCodes.NotFound, await server.EndAsync());

        Assert.Contains("the program 'no-such-program' was not found on PATH", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_outputs_arrive_line_by_line_in_order_and_endless_lines_are_cut()
    {
        const string Script = """
            import sys
            out, err = sys.stdout.buffer, sys.stderr.buffer
            out.write("Größe ✓ 1\n".encode()); out.write(b"50%\r100%\r\nlast"); out.flush()
            err.write(b"x" * 20000 + b"\n"); err.write(b"\xff\n"); err.flush()
            """;
        await using var server = LaunchedServer.Start(Script);

        Assert.Equal(0, await server.EndAsync());

        Assert.Equal("Größe ✓ 1\n50%\n100%\nlast\n", server.Output);
        var errors = server.Errors.Split('\n');
        Assert.Equal(new string('x', LinePump.MaximumLineLength) + $" [… {20000 - LinePump.MaximumLineLength} more characters]", errors[0]);
        Assert.Equal("\uFFFD", errors[1]);
    }

    [Fact]
    public async Task All_that_was_said_is_kept_in_the_log_even_what_came_after_the_launcher_had_left()
    {
        using var folder = new TemporaryFolder();
        await using var server = LaunchedServer.Start(Scripts.DrainsUntil(folder["go"]),
            ["--stop-timeout", "600", "--log", folder["logs/server.log"]]);
        await server.SaysAsync("up");

        server.Signal(Native.SigTerm);
        Assert.Equal(LauncherExitCodes.Terminated, await server.EndAsync());
        await File.WriteAllTextAsync(folder["go"], "", Stop);
        await server.GoneAsync();

        Assert.Equal("up\ndraining\ndrained\n", await File.ReadAllTextAsync(folder["logs/server.log"], Stop));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder["logs/server.log"]));
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_costs_the_log_alone()
    {
        await using var server = LaunchedServer.Start("print('a'); print('b')", ["--log", "/dev/full"]);

        Assert.Equal(0, await server.EndAsync());

        Assert.Equal("a\nb\n", server.Output);
        Assert.Equal(2, server.Errors.Split("the log ends here").Length);
    }

    [Fact]
    public async Task Much_output_arrives_whole()
    {
        await using var server = LaunchedServer.Start("for i in range(50000): print('line', i)");

        Assert.Equal(0, await server.EndAsync());

        var expected = new StringBuilder();
        for (var i = 0; i < 50000; i++) expected.Append($"line {i}\n");
        Assert.Equal(expected.ToString(), server.Output);
    }

    [Fact]
    public async Task Arguments_folder_and_an_own_session_are_what_the_server_gets()
    {
        const string Script =
            "import json, os, sys; print(json.dumps([sys.argv[1:], os.getcwd(), os.getsid(0) == os.getpid(), sys.stdin.read()]))";
        string[] arguments = ["--stop-timeout", "--", "", "a b", "\"q\"", "--help", "ü"];
        await using var server = StartProgram(["python3", "-c", Script, .. arguments]);

        Assert.Equal(0, await server.EndAsync());

        var said = JsonNode.Parse(server.Output)!.AsArray();
        Assert.Equal(arguments, said[0]!.AsArray().Select(a => (string?)a));
        Assert.Equal((Environment.CurrentDirectory, true, ""), ((string?)said[1], (bool)said[2]!, (string?)said[3]));
    }

    [Fact]
    public async Task The_environment_is_passed_on_unchanged_but_for_the_mark()
    {
        var environment = new Dictionary<string, string> { ["PATH_LIKE"] = "/a:/b", ["EMPTY"] = "", ["QUOTED"] = "a 'b' \"c\" $d\nnext",
            ["A.B-C"] = "ü" };
        await using var server = StartProgram(["env", "-0"], environment: environment);

        Assert.Equal(0, await server.EndAsync());

        var given = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(v => (string)v.Key, v => (string)v.Value!);
        foreach (var (name, value) in environment) given[name] = value;
        var seen = server.Output.Split('\0', StringSplitOptions.RemoveEmptyEntries).Where(v => v != "\n")
            .ToDictionary(v => v.Split('=')[0], v => v[(v.IndexOf('=') + 1)..]);
        Assert.True(seen.Remove(ServerTree.MarkVariable, out var mark));
        Assert.StartsWith(server.Mark + ".", mark, StringComparison.Ordinal);
        Assert.Equal(given.OrderBy(v => v.Key, StringComparer.Ordinal), seen.OrderBy(v => v.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task When_the_root_ends_what_is_left_of_its_tree_is_ended()
    {
        await using var server = LaunchedServer.Start(Scripts.Family("sys.exit(3)"));

        Assert.Equal(3, await server.EndAsync());

        Assert.Equal(["bare", "child", "daemon", "family", "grandchild"],
            server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]).Order());
        Assert.True(ServerTree.IsGone(server.Mark));
        AssertDead(server);
    }

    [Fact]
    public async Task A_crashed_root_takes_its_tree_along()
    {
        await using var server = LaunchedServer.Start(Scripts.Family("os.kill(os.getpid(), signal.SIGKILL)"));

        Assert.Equal(137, await server.EndAsync());

        AssertDead(server);
    }

    [Fact]
    public async Task A_stop_reaches_the_root_alone_and_its_end_is_waited_for()
    {
        await using var server = LaunchedServer.Start(Scripts.Drains(0.3));
        await server.SaysAsync("up");

        server.Signal(Native.SigTerm);

        Assert.Equal(7, await server.EndAsync());
        Assert.Equal("up\ndraining\ndrained\n", server.Output);
        await server.GoneAsync();
    }

    [Fact]
    public async Task A_server_without_a_handler_ends_by_the_signal()
    {
        await using var server = LaunchedServer.Start(Scripts.Waits);
        await server.SaysAsync("up");

        server.Signal(Native.SigTerm);

        Assert.Equal(LauncherExitCodes.Terminated, await server.EndAsync());
    }

    [Fact]
    public async Task What_is_deaf_is_killed_with_its_family_when_the_time_is_over()
    {
        await using var server = LaunchedServer.Start(Scripts.Family("stay('root')"), ["--stop-timeout", "1"]);
        await server.SaysAsync("root");

        server.Signal(Native.SigTerm);

        Assert.Equal(LauncherExitCodes.Killed, await server.EndAsync());
        AssertDead(server);
    }

    [Fact]
    public async Task A_long_drain_goes_on_after_the_answer_and_the_next_start_waits_for_it()
    {
        using var folder = new TemporaryFolder();
        var script = Scripts.DrainsUntil(folder["go"])
            .Replace("sys.exit(7)", $"open({ToPython(folder["drained"])}, 'w').close()", StringComparison.Ordinal);
        await using var server = LaunchedServer.Start(script, ["--stop-timeout", "600"]);
        await server.SaysAsync("up");

        server.Signal(Native.SigTerm);

        // The orchestrator, which would kill it by then, has its answer.
        Assert.Equal(LauncherExitCodes.Terminated, await server.EndAsync());
        Assert.Contains("the server has not ended yet", server.Errors, StringComparison.Ordinal);
        Assert.NotEmpty(server.Alive());
        Assert.False(File.Exists(folder["drained"]));

        await using var next = LaunchedServer.Start("import os; print(os.path.exists(" + ToPython(folder["drained"]) + "))",
            mark: server.Mark);
        await next.SaysAsync("waiting for the end of the server's earlier start");
        await File.WriteAllTextAsync(folder["go"], "", Stop);
        Assert.Equal(0, await next.EndAsync());
        Assert.Equal("True\n", next.Output);
    }

    [Fact]
    public async Task Asked_patiently_the_launcher_stays_to_the_end_of_a_long_drain()
    {
        await using var server = LaunchedServer.Start(Scripts.Drains(6));
        await server.SaysAsync("up");

        server.Signal(Native.SigUsr1);

        Assert.Equal(7, await server.EndAsync());
        Assert.EndsWith("drained\n", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--mark")]
    [InlineData("--stop-timeout", "soon", "--", "true")]
    [InlineData("--what", "1", "--", "true")]
    [InlineData("--")]
    public void Wrong_options_are_refused_with_a_reason(params string[] args)
    {
        var (options, problem) = LaunchOptions.Parse(args);

        Assert.Null(options);
        Assert.NotEmpty(problem!);
    }

    [Fact]
    public void Options_survive_their_own_command_line()
    {
        var options = new LaunchOptions("h.r", TimeSpan.FromSeconds(12.5), 4711, "/tmp/a b.log", "python3", ["-m", "x", "--", "--mark"]);

        var (read, problem) = LaunchOptions.Parse([.. options.ToArguments(), options.Program, .. options.Arguments]);

        Assert.Null(problem);
        Assert.Equal(options with { Arguments = [] }, read! with { Arguments = [] });
        Assert.Equal(options.Arguments, read.Arguments);
    }

    private static string ToPython(string path) => $"'{path}'";

    private static void AssertDead(LaunchedServer server)
    {
        var pids = server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).Where(w => w.Length == 2)
            .Select(w => int.Parse(w[1])).ToList();
        Assert.True(pids.Count >= 4, server.Output);
        Assert.All(pids, pid => Assert.True(ProcessTable.Find(pid) is null or { IsDead: true }, $"{pid} lives"));
    }
}
