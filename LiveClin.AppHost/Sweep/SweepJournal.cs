using System.Text.Json;
using System.Text.Json.Serialization;
using LiveClin.AppHost.Settings;

namespace LiveClin.AppHost.Sweep;

/// <summary>Which run belongs to which model of the newest sweep: what <c>--resume</c> goes by. Written whole and atomically at every change.</summary>
internal sealed class SweepJournal
{
    private readonly string _file;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JournalEntry> _entries;

    private SweepJournal(string file, Dictionary<string, JournalEntry> entries)
    {
        _file = file;
        _entries = entries;
    }

    /// <summary>Opens the journal of a results folder: the earlier sweep's when it is to be continued, else an empty one.</summary>
    public static SweepJournal Open(SweepSettings settings)
    {
        Directory.CreateDirectory(settings.ResultsFolder);
        var file = Path.Combine(settings.ResultsFolder, "sweep.json");
        var entries = settings.Resume && File.Exists(file) ? Read(file) : null;
        return new SweepJournal(file, entries?.ToDictionary(e => e.Model) ?? []);
    }

    /// <summary>The run of a model, if the earlier sweep asked the same of it.</summary>
    public string? Find(ModelSettings model, SweepSettings settings)
    {
        lock (_lock) return _entries.TryGetValue(model.Name, out var entry) && entry.Asked == Asked(model, settings) ? entry.RunId : null;
    }

    /// <summary>Notes a model's run.</summary>
    public void Note(ModelSettings model, SweepSettings settings, string runId)
    {
        lock (_lock)
        {
            _entries[model.Name] = new JournalEntry { Model = model.Name, Asked = Asked(model, settings), RunId = runId };
            var temporary = _file + ".tmp";
            using (var stream = File.Create(temporary))
            {
                JsonSerializer.Serialize(stream, _entries.Values.ToList(), JournalJson.Default.ListJournalEntry);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, _file, overwrite: true);
        }
    }

    // A damaged journal costs nothing but the knowledge which runs are complete; the evaluator still finds the unfinished ones.
    private static List<JournalEntry>? Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize(stream, JournalJson.Default.ListJournalEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // What makes two runs ask the same; the server's address is not part of it.
    private static string Asked(ModelSettings model, SweepSettings settings) => string.Join(' ',
        model.ApiId, settings.JsonlPath ?? settings.ReleaseName, settings.ImageRoot, settings.LocalImages, settings.Limit, model.Sampling);
}

/// <summary>A model's run.</summary>
internal sealed record JournalEntry
{
    /// <summary>The model's name.</summary>
    public required string Model { get; init; }

    /// <summary>What was asked: model, release, parameters.</summary>
    public required string Asked { get; init; }

    /// <summary>The evaluator's run.</summary>
    public required string RunId { get; init; }
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(List<JournalEntry>))]
internal sealed partial class JournalJson : JsonSerializerContext;
