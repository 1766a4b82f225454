using System.Text.Json.Nodes;
using LiveClin.AppHost.Gpus;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Tests.Settings;
using LiveClin.AppHost.Tests.Sweep;
using LiveClin.Testing;
using Microsoft.Extensions.Logging;

namespace LiveClin.AppHost.Tests.Gpus;

/// <summary>Which devices a server gets, and what is said where it gets none.</summary>
[Collection(InProcess.Name)]
public sealed class GpuGateTests : LoadedSettings
{
    private readonly Heard _log = new();

    [Fact]
    public async Task A_tool_that_warns_is_heard_once_and_its_devices_are_used()
    {
        Use(new JsonObject
        {
            ["gpus"] = new JsonArray(new JsonObject { ["total"] = 81559, ["used"] = 0 }),
            ["warning"] = new JsonObject { ["exit_code"] = 14, ["text"] = "WARNING: infoROM is corrupted at gpu 0000:3B:00.0\n" },
        });
        await using var probe = new GpuProbe();
        var gate = Gate(probe);
        var (first, second) = (Server("a", ServerKind.Vllm), Server("b", ServerKind.Vllm));

        Assert.Null(await gate.WaitAsync(first, _log, TestContext.Current.CancellationToken));
        gate.Leave(first);
        Assert.Null(await gate.WaitAsync(second, _log, TestContext.Current.CancellationToken));

        Assert.Equal(["0"], second.Devices!.Select(device => device.Index));
        Assert.Single(_log.Lines, line => line == "The GPUs' tool warns: WARNING: infoROM is corrupted at gpu 0000:3B:00.0");
        Assert.Single(_log.Lines, line => line == "The GPUs' tool warns: nvidia-smi: exit code 14");
    }

    [Fact]
    public async Task Every_server_that_is_to_have_gpus_is_refused_where_a_list_leaves_none()
    {
        Use(Machine(2));
        await using var probe = new GpuProbe();
        var (gate, problem) = (Gate(probe), $"{GpuProbe.VisibleVariable}=-1 leaves none of the 2 GPUs visible.");
        await WithVariableAsync("-1", async () =>
        {
            Assert.Equal(problem, await gate.WaitAsync(Server("v", ServerKind.Vllm), _log, TestContext.Current.CancellationToken));
            Assert.Equal(problem,
                await gate.WaitAsync(Server("l", ServerKind.LlamaCpp, gpus: 1), _log, TestContext.Current.CancellationToken));
            // Without a word of GPUs it runs on the CPU.
            Assert.Null(await gate.WaitAsync(Server("c", ServerKind.LlamaCpp), _log, TestContext.Current.CancellationToken));
        });
    }

    [Fact]
    public async Task Both_lists_are_named_where_the_models_own_leaves_nothing_of_the_processs()
    {
        Use(Machine(2));
        await using var probe = new GpuProbe();
        await WithVariableAsync("0", async () =>
        {
            var problem = await Gate(probe)
                .WaitAsync(Server("v", ServerKind.Vllm, visible: "GPU-7"), _log, TestContext.Current.CancellationToken);
            Assert.Equal(
                "The model needs 1 GPU (tp 1 × dp 1 × pp 1), and its Environment (CUDA_VISIBLE_DEVICES=GPU-7) leaves it 0 of those that this "
                + "process has (CUDA_VISIBLE_DEVICES=0). Lower Tp, Dp or Pp, or change the list.", problem);
        });
    }

    private GpuGate Gate(GpuProbe probe) => new(probe, new GpuResource("gpus"), new Seats(), Load("{}").Settings!);

    private void Use(JsonObject machine) => AppHostInProcess.UseDoubles(new FakeGpus(Folder.FullName).Write(machine));

    private static JsonObject Machine(int gpus) =>
        new() { ["gpus"] = new JsonArray([.. Enumerable.Range(0, gpus).Select(_ => new JsonObject { ["total"] = 81559, ["used"] = 0 })]) };

    private static ManagedServerResource Server(string name, ServerKind kind, int? gpus = null, string? visible = null) =>
        new(name, "server", "/", new ModelSettings
    {
        Name = name, ApiId = name, Server = kind, Gpus = gpus,
        Environment = visible is null ? new Dictionary<string, string>() : new() { [GpuProbe.VisibleVariable] = visible },
    }, null!);

    private static async Task WithVariableAsync(string value, Func<Task> act)
    {
        var before = Environment.GetEnvironmentVariable(GpuProbe.VisibleVariable);
        Environment.SetEnvironmentVariable(GpuProbe.VisibleVariable, value);
        try
        {
            await act();
        }
        finally
        {
            Environment.SetEnvironmentVariable(GpuProbe.VisibleVariable, before);
        }
    }

    private sealed class Heard : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
