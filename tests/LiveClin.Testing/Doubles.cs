using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveClin.Testing;

/// <summary>The stand-ins for SGLang, nvidia-smi and amd-smi in <c>tests/doubles</c>; see the README there.</summary>
public static class Doubles
{
    /// <summary>The folder that holds the <c>sglang</c> package.</summary>
    public static string Folder { get; } = Path.Combine(SharedData.RepositoryRoot, "tests", "doubles");

    /// <summary>The folder that holds <c>nvidia-smi</c> and <c>amd-smi</c>.</summary>
    public static string Programs { get; } = Path.Combine(Folder, "bin");

    /// <summary>What a process needs to take the stand-ins for the real ones.</summary>
    /// <param name="gpus">The machine's GPUs; null for none.</param>
    /// <param name="behaviour">A JSON object with fields of <c>behaviour.py</c>; null for the defaults.</param>
    public static IReadOnlyDictionary<string, string?> Environment(FakeGpus? gpus = null, JsonObject? behaviour = null) =>
        new Dictionary<string, string?>
    {
        ["PATH"] = Programs + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH"),
        ["PYTHONPATH"] = Folder,
        ["PYTHONDONTWRITEBYTECODE"] = "1",
        ["NO_PROXY"] = "127.0.0.1,localhost,::1",
        ["FAKE_GPU_STATE"] = gpus?.StateFile,
        ["CUDA_VISIBLE_DEVICES"] = null, // this machine's own, or that of a test that runs beside
        ["FAKE_SGLANG"] = behaviour?.ToJsonString(),
    };
}

/// <summary>The GPUs of the stand-ins: a state file that can be rewritten while they run.</summary>
/// <param name="folder">Where the state file lies.</param>
public sealed class FakeGpus(string folder)
{
    /// <summary>The state file (<c>FAKE_GPU_STATE</c>).</summary>
    public string StateFile { get; } = Path.Combine(folder, "gpus.json");

    /// <summary>Describes a machine with so many equal GPUs.</summary>
    /// <param name="count">Number of GPUs.</param>
    /// <param name="totalMiB">Memory of each, in MiB.</param>
    /// <param name="usedMiB">Memory in use on each from the beginning, in MiB.</param>
    public FakeGpus Write(int count, int totalMiB = 81559, int usedMiB = 0) =>
        Write(new JsonObject
        {
            ["gpus"] = new JsonArray(
                [.. Enumerable.Range(0, count).Select(_ => new JsonObject { ["total"] = totalMiB, ["used"] = usedMiB })]),
        });

    /// <summary>Replaces the description of the machine.</summary>
    /// <param name="state">The fields are those of the README in <c>tests/doubles</c>.</param>
    public FakeGpus Write(JsonObject state)
    {
        var partial = StateFile + ".partial";
        File.WriteAllText(partial, state.ToJsonString(JsonSerializerOptions.Web));
        File.Move(partial, StateFile, overwrite: true);
        return this;
    }
}
