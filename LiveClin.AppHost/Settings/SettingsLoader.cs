using System.Security.Cryptography;
using System.Text.Json;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Access;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Settings;

/// <summary>Reads section <c>LiveClin</c> and the switches on top of it, checks everything, and says all that is wrong at once.</summary>
internal sealed class SettingsLoader
{
    private const string Section = "LiveClin";
    private readonly IConfiguration _configuration;
    private readonly Switches _switches;
    private readonly string _appHostFolder;
    private readonly List<string> _failures = [];
    private readonly string? _settingsFile;
    private readonly bool _forRun;
    private IConfiguration? _own; // the settings file without appsettings.json

    private SettingsLoader(ConfigurationManager configuration, Switches switches, string appHostFolder, bool forRun)
    {
        _configuration = configuration;
        _switches = switches;
        _appHostFolder = appHostFolder;
        _forRun = forRun;
        _settingsFile = switches.SettingsFile is { } file ? Path.GetFullPath(file) : null;
        if (_settingsFile is not null) AddFile(configuration, _settingsFile);
    }

    /// <summary>Loads the settings.</summary>
    /// <param name="configuration">Where they stand; the switches' file is added.</param>
    /// <param name="switches">What wins over them.</param>
    /// <param name="appHostFolder">One of the folders that relative paths may be meant from.</param>
    /// <param name="forRun">
    /// False for a description of a deployment: it only names API keys and folders, which need no value and no disk here.
    /// </param>
    /// <returns>
    /// Everything that is wrong, and the settings unless they are of no use: what is wrong with a model is its matter alone while there
    /// are others.
    /// </returns>
    public static (SweepSettings? Settings, IReadOnlyList<string> Failures) Load(ConfigurationManager configuration, Switches switches,
        string appHostFolder, bool forRun = true)
    {
        var loader = new SettingsLoader(configuration, switches, appHostFolder, forRun);
        var settings = loader.Read();
        var ofModels = settings.Models.SelectMany(m => m.Problems).Distinct().ToList();
        return (loader._failures.Count == 0 && (ofModels.Count == 0 || settings.Models.Any(m => m.Problems.Count == 0)) ? settings : null,
            [.. ofModels, .. loader._failures]);
    }

    // The file's settings win over appsettings.json and give way to the environment and the command line.
    private void AddFile(ConfigurationManager configuration, string file)
    {
        if (!File.Exists(file))
        {
            _failures.Add($"--settings: {file} does not exist.");
            return;
        }

        try
        {
            // Read once: it may be a pipe.
            var content = IsOpenAlready(file) ? File.ReadAllBytes(file) : RegularFile.ReadAllBytes(file);
            _own = new ConfigurationBuilder().AddJsonStream(new MemoryStream(content)).AddEnvironmentVariables().Build();
            configuration.AddJsonStream(new MemoryStream(content));
            configuration.AddEnvironmentVariables();
            if (_switches.Rest.Length > 0) configuration.AddCommandLine(_switches.Rest);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failures.Add($"--settings: {file} cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            _failures.Add($"--settings: {file} is not JSON: {e.GetBaseException().Message}");
        }
    }

    // What a shell hands on, as <(…): somebody writes into it, and it ends. A pipe by another name may wait for good.
    private static bool IsOpenAlready(string file) => file == "/dev/stdin"
        || ((string[])["/dev/fd/", "/proc/self/fd/"]).Any(open => file.StartsWith(open, StringComparison.Ordinal));

    private SweepSettings Read()
    {
        var section = new SectionReader(_configuration.GetSection(Section), _failures);
        var conditions = ReadConditions();
        var models = ReadModels();
        // Whoever says what is asked, or of whom, gets that; the built-in examinees' own conditions are for those who say nothing.
        if (conditions is not null || _switches.Models is not null) models = [.. models.Select(m => m with { Conditions = null })];
        var dataset = _switches.Dataset ?? section.Text("Dataset", null, Published("JSONL_PATH")) ?? "demo";
        var isPath = dataset.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase) || dataset.Contains('/', StringComparison.Ordinal)
            || dataset.Contains('\\', StringComparison.Ordinal);
        var imageRoot = _switches.ImageRoot ?? section.Text("ImageRoot", null, Published("IMAGE_ROOT_PATH"));
        var mode = section.Text("ImageMode", "local");
        if (mode is not ("local" or "url")) _failures.Add($"{Section}:ImageMode: '{mode}' is neither 'local' nor 'url'.");
        var results = Path.GetFullPath(_switches.Results ?? section.Text("Results", "results")!);
        var logs = Path.GetFullPath(section.Text("Logs", "logs")!);
        var settings = new SweepSettings
        {
            ReleaseName = isPath ? null : dataset,
            JsonlPath = isPath ? Existing("Dataset", dataset, File.Exists) : null,
            ImageRoot = imageRoot is null ? null : Existing("ImageRoot", imageRoot, Directory.Exists),
            DataDirectory = section.Text("DataDirectory", null) is { } data
                ? Existing("DataDirectory", data, Directory.Exists) : FindData(),
            ResultsFolder = Writable("Results", results),
            LogFolder = models.Any(m => m.IsManaged) ? Writable("Logs", logs) : logs,
            Concurrency = Range("Concurrency", _switches.Concurrency ?? section.Number("Concurrency") ?? 100, 1,
                SettingsLimits.Concurrency),
            LocalImages = mode == "local",
            Limit = (_switches.Limit ?? section.Number("Limit")) is { } limit ? Range("Limit", limit, 1, int.MaxValue) : null,
            Conditions = conditions ?? [Sweep.ModelRun.Published],
            Shard = _switches.Shard ?? section.Text("Shard", null),
            Epochs = Range("Epochs", _switches.Epochs ?? section.Number("Epochs") ?? 1, 1, SettingsLimits.Epochs),
            Fresh = _switches.Fresh,
            RetryFiltered = _switches.RetryFiltered,
            CaptureMessages = _switches.CaptureMessages || section.Flag("CaptureMessages", false),
            ExitWhenDone = _switches.ExitWhenDone,
            Models = models,
            Store = ReadStore(section.Text("Store", null), results),
            MaxReplyBytes = section.Number("MaxReplyBytes") is { } bytes
                ? Range("MaxReplyBytes", bytes, SettingsLimits.LeastReplyBytes, SettingsLimits.MostReplyBytes) : null,
            AccessToken = ReadToken(),
            PublicationDates = section.Text("PublicationDates", null) is { } dates
                ? Existing("PublicationDates", dates, File.Exists) : null,
            StatsPort = Port("Stats"),
            EvaluatorPort = Port("Evaluator"),
            GpuFreeFraction = Fraction("GpuFreeFraction", section.Real("GpuFreeFraction") ?? 0.9),
            GpuTimeout = section.Duration("GpuTimeout") ?? TimeSpan.FromMinutes(2),
        };
        section.RefuseUnknown("Store", "Ports", "Models", "Dataset", "ImageRoot", "ImageMode", "Results", "DataDirectory", "Logs",
            "Concurrency", "Limit", "Shard", "Conditions", "Epochs", "Resume", "PublicationDates", "CaptureMessages", "GpuFreeFraction",
            "GpuTimeout", "MaxReplyBytes", "Access");
        return settings;
    }

    private string? ReadToken()
    {
        var access = new SectionReader(_configuration.GetSection($"{Section}:Access"), _failures);
        access.RefuseUnknown("Token", "Anonymous");
        if (access.Flag("Anonymous", false)) return null;
        if (SecretText.WithoutLineEnd(access.Text("Token", null)) is not { Length: > 0 } token)
            return Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        if (SecretText.ProblemOfToken(token) is { } problem) _failures.Add($"{Section}:Access:Token: {problem}");
        return token;
    }

    // The argument, the setting, the connection string, and else a file.
    private StoreSettings ReadStore(string? configured, string results)
    {
        var otherwise = Path.Combine(results, "liveclin.db");
        var text = _switches.Store ?? configured ?? NonEmpty(_configuration[StoreLocation.Setting]) ?? otherwise;
        try
        {
            if (_switches.Store is { } argument && !StoreSettings.IsContainerWord(argument)) StoreLocation.ParseArgument(argument);
            return StoreSettings.Of(text) with { Password = NonEmpty(_configuration["PGPASSWORD"]) };
        }
        catch (StoreException error)
        {
            var origin = _switches.Store is not null ? "--store: " : configured is not null ? $"{Section}:Store: "
                : error.Message.StartsWith(StoreLocation.Variable, StringComparison.Ordinal) ? "" : $"{StoreLocation.Setting}: ";
            _failures.Add(origin + error.Message);
            return StoreSettings.Of(otherwise);
        }
    }

    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    // Null where none is given. "standard" and what cannot be joined are the evaluator's matter.
    private IReadOnlyList<string>? ReadConditions()
    {
        var section = (_own?.GetSection($"{Section}:Conditions") is { } own && own.Exists()
            ? own : _configuration.GetSection($"{Section}:Conditions"));
        string[] listed = section.Value is { Length: > 0 } text
            ? text.Split(',', StringSplitOptions.TrimEntries) : [.. section.GetChildren().Select(child => child.Value?.Trim() ?? "")];
        var conditions = _switches.Conditions ?? (listed.Length > 0 ? listed : null);
        if (conditions?.Count == 0 || conditions?.Any(string.IsNullOrEmpty) == true)
            _failures.Add($"{Section}:Conditions: a name is empty. Conditions are names such as published and no-images.");
        return conditions;
    }

    private int? Port(string service)
    {
        var section = new SectionReader(_configuration.GetSection($"{Section}:Ports"), _failures);
        return section.Number(service) is { } port ? Range($"Ports:{service}", port, 1, ushort.MaxValue) : null;
    }

    private List<ModelSettings> ReadModels()
    {
        var sections = ModelSections();
        var models = sections.Select(s => Reader([]).Read(s)).ToList();
        if (sections.Count == 0)
            models = Published("API_BASE_URL") is not null ? [.. Reader(_failures).FromPublishedVariables()] : BuiltIn();
        models = [.. models.Select(m =>
            models.Count(other => string.Equals(other.Name, m.Name, StringComparison.OrdinalIgnoreCase)) is > 1 and var count
            ? m with
            {
                Problems = [.. m.Problems,
                    $"{Section}:Models: {count} models have the name '{m.Name}'. Names must differ, because results are kept by name."],
            }
            : m)];
        if (models.Select(m => m.Price?.Currency).OfType<string>().Distinct().Order(StringComparer.Ordinal)
            .ToList() is { Count: > 1 } currencies)
            _failures.Add($"{Section}:Models: prices are in {string.Join(" and ", currencies)}; give all of them in one currency.");
        if (_switches.Models is not { } wanted) return models;
        foreach (var name in wanted.Where(n => !models.Any(m => string.Equals(m.Name, n, StringComparison.OrdinalIgnoreCase))))
            _failures.Add($"--models: there is no model '{name}'. There are: {string.Join(", ", models.Select(m => m.Name))}.");
        // Whoever names a floor wants its line.
        return [.. models.Where(m => wanted.Contains(m.Name, StringComparer.OrdinalIgnoreCase))
            .Select(m => m with { IsInFloorBlock = false })];
    }

    // Nothing is configured: the usual ones, and whatever other built-in examinees the command line names.
    private List<ModelSettings> BuiltIn()
    {
        var further = (_switches.Models ?? []).Where(name => BuiltInModels.Exists(name) && !BuiltInModels.Default.Any(m => m.Name == name));
        return [.. BuiltInModels.Default, .. further.Select(BuiltInModels.Model)];
    }

    private ModelReader Reader(List<string> failures) =>
        // Where a person is there, the dashboard asks for keys that are missing.
        new(_configuration, failures, Folders, Published, keysNeeded: _forRun && _switches.ExitWhenDone);

    // Lists merge by position; a settings file that lists models means these and no others.
    private List<IConfigurationSection> ModelSections()
    {
        var configuration = _own?.GetSection($"{Section}:Models").GetChildren().Any() == true ? _own : _configuration;
        return [.. configuration.GetSection($"{Section}:Models").GetChildren()];
    }

    // A relative path may be meant from here, from the settings file, or from the app host.
    private IReadOnlyList<string> Folders =>
        [.. new[] { Directory.GetCurrentDirectory(), Path.GetDirectoryName(_settingsFile), _appHostFolder,
        Path.GetDirectoryName(_appHostFolder) }.OfType<string>()];

    private string? Existing(string key, string path, Func<string, bool> exists)
    {
        var candidates = Folders.Select(f => Path.GetFullPath(path, f)).Distinct().ToList();
        if (candidates.FirstOrDefault(exists) is { } found) return found;
        _failures.Add($"{Section}:{key}: '{path}' does not exist (looked for {string.Join(", ", candidates)}).");
        return null;
    }

    private string Writable(string key, string folder)
    {
        if (!_forRun) return folder;
        try
        {
            Directory.CreateDirectory(folder);
            File.Create(Path.Combine(folder, $".{Guid.NewGuid():N}"), 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failures.Add($"{Section}:{key}: {folder} cannot be written to: {e.Message}");
        }

        return folder;
    }

    private string? FindData()
    {
        string?[] folders = [Directory.GetCurrentDirectory(), Path.GetDirectoryName(_appHostFolder), _appHostFolder];
        return folders.OfType<string>().Select(f => Path.Combine(f, "data")).FirstOrDefault(Directory.Exists);
    }

    private int Range(string key, int value, int least, int most)
    {
        if (value < least || value > most) _failures.Add($"{Section}:{key}: {value} is not between {least} and {most}.");
        return value;
    }

    private double Fraction(string key, double value)
    {
        if (value is < 0 or > 1) _failures.Add($"{Section}:{key}: {value} is not between 0 and 1.");
        return value;
    }

    private static string? Published(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
