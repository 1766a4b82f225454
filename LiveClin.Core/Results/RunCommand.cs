using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveClin.Core.Formats;

namespace LiveClin.Core.Results;

/// <summary>
/// The <c>evaluate</c> command that asks the model of a run again under other conditions: in the same setting, so that what comes of it
/// stands beside the run, and of the same cases. No key is in it; <c>evaluate</c> takes that from the environment.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="JsonlPath">Where its release lies; null where that is not known.</param>
/// <param name="ImageRoot">Where the release's images lie; null where that is not known.</param>
/// <param name="Store">
/// The store that holds the run, as it is named on a command line; null for the default one or where it is not known.
/// </param>
public sealed record RunCommand(RunInfo Run, string? JsonlPath = null, string? ImageRoot = null, string? Store = null)
{
    private const string Program = "dotnet run --project LiveClin.Evaluator -- evaluate";
    private const string Unsafe = " \t\n\r\"'`$&|;<>(){}[]*?!#~\\^";

    /// <summary>True when the run was made by this program: of an import nobody knows the setting.</summary>
    public bool IsKnown => Run.Source == RunInfo.Own && Run.Specification.Endpoint.Length > 0;

    /// <summary>The command; null where <see cref="IsKnown"/> is false.</summary>
    /// <param name="conditions">Names of the conditions, at least one.</param>
    /// <param name="epochs">How often everything is asked.</param>
    public string? Text(IReadOnlyCollection<string> conditions, int epochs = 1)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        if (!IsKnown) return null;
        var asked = conditions.Count == 1 ? Switch("--condition", conditions.First()) : Switch("--controls", string.Join(',', conditions));
        return string.Join(' ', ((IEnumerable<string>)[Program, .. Model(), .. Release(), .. Sampling(), .. Target(), asked,
            .. Epochs(epochs), .. Place()]).Where(word => word.Length > 0));
    }

    private IEnumerable<string> Model()
    {
        var specification = Run.Specification;
        yield return Switch("--model", specification.ApiId);
        if (specification.Model != specification.ApiId) yield return Switch("--name", specification.Model);
        yield return Switch("--api-base", specification.Endpoint);
        if (specification.ImageMode != "local") yield return Switch("--image-mode", specification.ImageMode);
        if (specification.AllowMissingImages) yield return "--allow-missing-images";
    }

    // A release in a data folder is found by its name, from wherever that folder is seen; any other one by its path.
    private IEnumerable<string> Release()
    {
        var name = Run.Specification.ReleaseName;
        if (JsonlPath is null || IsInDataFolder(JsonlPath, name)) return [Switch("--dataset", name)];
        return [Switch("--jsonl-path", JsonlPath), ImageRoot is null ? "" : Switch("--image-root", ImageRoot)];
    }

    private static bool IsInDataFolder(string path, string name) =>
        Path.GetDirectoryName(path) is { } folder && Path.GetFileName(folder) == name
            && Path.GetFileName(Path.GetDirectoryName(folder)) == "data";

    // What has a switch of its own goes there, the rest into the body. Only a preset can leave a field out: where one of v1's two is
    // absent, the run was made with core's table, which leaves it out again.
    private IEnumerable<string> Sampling()
    {
        var asked = JsonNode.Parse(CanonicalJson.Of(Run.Specification.ParametersJson))!.AsObject();
        var left = asked.DeepClone().AsObject();
        if (left["n"]?.ToJsonString() == "1") left.Remove("n");
        var isPlain = left["temperature"] is not null && left["max_tokens"] is not null;
        var longest = Run.Specification.ApiId == "o3" && !isPlain ? "max_completion_tokens" : "max_tokens"; // as core's table has it
        if (isPlain) yield return "--params plain";
        foreach (var (field, name, takes) in Switches(longest))
        {
            if (left[field] is not JsonValue value || value.GetValueKind() != JsonValueKind.Number || !takes(value.GetValue<double>()))
                continue;
            yield return Switch(name, value.ToJsonString());
            left.Remove(field);
        }

        // What the table would send and this run did not is taken out again.
        foreach (var field in (string[])["temperature", longest])
            if (!asked.ContainsKey(field)) left[field] = null;
        if (left.Count > 0) yield return Switch("--extra-body", left.ToJsonString());
    }

    // A field with its switch, and what the switch takes.
    private static (string Field, string Name, Func<double, bool> Takes)[] Switches(string longest) =>
    [
        ("temperature", "--temperature", value => value is >= 0 and <= 2),
        ("top_p", "--top-p", value => value is > 0 and <= 1),
        (longest, "--max-tokens", value => value is >= 1 and <= int.MaxValue && double.IsInteger(value)),
        ("seed", "--seed", value => Math.Abs(value) < 1L << 53 && double.IsInteger(value)),
    ];

    private IEnumerable<string> Target()
    {
        if (Run.Target.Sample is { } sample) yield return string.Create(CultureInfo.InvariantCulture, $"--sample {sample}");
        else if (Run.Target.FirstCases is { } limit) yield return string.Create(CultureInfo.InvariantCulture, $"--limit {limit}");
        if (Run.Target.Shard is { } shard) yield return $"--shard {shard}";
    }

    private static IEnumerable<string> Epochs(int epochs) =>
        epochs == 1 ? [] : [string.Create(CultureInfo.InvariantCulture, $"--epochs {epochs}")];

    private IEnumerable<string> Place() => Store is null ? [] : [Switch("--store", Store)];

    private static string Switch(string name, string value) => $"{name} {Quote(value)}";

    // As a POSIX shell reads it; names come from outside.
    private static string Quote(string value) =>
        value.Length > 0 && !value.Any(c => Unsafe.Contains(c, StringComparison.Ordinal) || char.IsControl(c))
            ? value
            : $"'{value.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
