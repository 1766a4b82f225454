using System.Globalization;
using LiveClin.AppHost.Terminal;
using LiveClin.Core.Results;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Slurm;

/// <summary>The text of a job.</summary>
/// <param name="SettingsFile">The settings of its sweep.</param>
/// <param name="Time">Its wall time; null for the template's.</param>
/// <param name="Nodes">Its nodes; null for as many as the largest of its models needs.</param>
internal sealed record SlurmJobText(string SettingsFile, string? Time, int? Nodes)
{
    /// <summary>The settings, from any folder.</summary>
    public string Settings { get; } = Path.GetFullPath(SettingsFile);

    /// <summary>True when this program lies in a folder of <c>deploy/offline</c>: the job starts its launcher.</summary>
    public bool HasLauncher => File.Exists(Launcher);

    private static readonly string[] StoreKeys = ["LiveClin:Store", StoreLocation.Setting];

    private static string Launcher => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "liveclin"));

    /// <summary>The names by which <c>--models</c> knows the models in the settings; empty for one that the settings do not name.</summary>
    /// <exception cref="InvalidDataException">The file is not JSON.</exception>
    public IReadOnlyList<string> ReadModels() => [.. Models().Select(model => model["Name"] ?? model["ApiId"] ?? "")];

    /// <summary>Nodes that the largest of the models needs. Every task of an array has as many.</summary>
    /// <exception cref="InvalidDataException">The file is not JSON.</exception>
    public int ReadNodes() => Models()
        .Select(model => int.TryParse(model["Nodes"], CultureInfo.InvariantCulture, out var nodes) ? nodes : 1).Append(1).Max();

    /// <summary>Which setting names a store, and what store, perhaps with a password; null for none.</summary>
    /// <exception cref="InvalidDataException">The file is not JSON.</exception>
    public (string Setting, string Store)? ReadStore()
    {
        var settings = Read();
        return StoreKeys.FirstOrDefault(key => !string.IsNullOrWhiteSpace(settings[key])) is { } key ? (key, settings[key]!) : null;
    }

    /// <summary>An environment variable that names a store, which the job's own takes the place of; null when there is none.</summary>
    public static string? FindStoreVariable() => StoreKeys.Select(key => key.Replace(":", "__", StringComparison.Ordinal))
        .FirstOrDefault(name => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(name)));

    private IEnumerable<IConfigurationSection> Models() => Read().GetSection("LiveClin:Models").GetChildren();

    private IConfigurationRoot Read() => new ConfigurationBuilder().AddJsonFile(Settings).Build();

    /// <summary>The job.</summary>
    /// <param name="template">The job that is told everything when it is submitted.</param>
    /// <param name="models">A task for each of these; empty for shards, or no array.</param>
    /// <param name="tasks">Tasks of the array; 0 for none.</param>
    public string Write(string template, IReadOnlyList<string> models, int tasks)
    {
        var job = template;
        if (Time is not null) Replace("--time=12:00:00", $"--time={Time}");
        Replace("--nodes=1 ", string.Create(CultureInfo.InvariantCulture, $"--nodes={Nodes ?? ReadNodes()} "));
        if (tasks > 0)
            Replace("#SBATCH --requeue", string.Create(CultureInfo.InvariantCulture, $"#SBATCH --array=1-{tasks}\n#SBATCH --requeue"));
        Replace("set -u\n", $"set -u\nset -- --settings {ShellWord.Quoted(Settings)} \"$@\"\n");
        if (HasLauncher) Replace("LIVECLIN=${LIVECLIN:-", $"LIVECLIN=${{LIVECLIN:-{ShellWord.Quoted(Launcher)}}}\nLIVECLIN=${{LIVECLIN:-");
        const string ReadsModels = "read -r -a models <<<\"${MODELS:-}\"\n";
        if (models.Count > 0) Replace(ReadsModels, $"models=({string.Join(' ', models.Select(ShellWord.Quoted))})\n");
        return job;

        void Replace(string what, string by) =>
            job = job.Contains(what, StringComparison.Ordinal) ? job.Replace(what, by, StringComparison.Ordinal)
                : throw new InvalidOperationException($"The job's template has no '{what}'.");
    }
}
