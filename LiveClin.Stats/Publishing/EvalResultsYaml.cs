using System.Globalization;
using System.Text;
using System.Text.Json;
using LiveClin.Core.Formats;

namespace LiveClin.Stats.Publishing;

/// <summary>
/// Hugging Face's evaluation results: a file for the <c>.eval_results/</c> folder of the model's repository
/// (huggingface.co/docs/hub/eval-results). The value is the case accuracy in percent.
/// </summary>
internal static class EvalResultsYaml
{
    /// <summary>Writes a run's file; returns its path.</summary>
    /// <param name="published">A whole run.</param>
    /// <param name="options">What it does not know of itself; the data set is needed.</param>
    /// <param name="folder">The folder that gets <c>DEVELOPER/MODEL/.eval_results/</c>.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string Write(PublishedRun published, PublishOptions options, string folder)
    {
        var model = options.ModelOf(published);
        // A model may have several scores of one benchmark; each is a file of its own.
        var path = Path.Combine(folder, model.Developer, model.Name, ".eval_results",
            $"liveclin-{published.Run.Specification.Identity[..12]}.yaml");
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Text(published, options))));
        return path;
    }

    private static string Text(PublishedRun published, PublishOptions options)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"- dataset:\n    id: {Quoted(options.DatasetId!)}\n    task_id: {Quoted(options.TaskId)}\n");
        text.Append(CultureInfo.InvariantCulture, $"  value: {Math.Round(published.Cases.Value * 100, 2)}\n");
        text.Append(CultureInfo.InvariantCulture,
            $"  date: {Quoted(published.Run.StartedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))}\n");
        if (options.Source is { } source)
            text.Append(CultureInfo.InvariantCulture,
                $"  source:\n    url: {Quoted(source.AbsoluteUri)}\n    name: {Quoted("LiveClin traces")}\n");
        var notes = $"Case accuracy in percent: {published.Cases.Count} of {published.Cases.Total} cases with every question right. {published.Label}; parameters {published.Run.Specification.ParametersJson}";
        return text.Append(CultureInfo.InvariantCulture, $"  notes: {Quoted(notes)}\n").ToString();
    }

    // A JSON string of ASCII is a double-quoted scalar of YAML.
    private static string Quoted(string text) => JsonSerializer.Serialize(text, StatsJsonContext.Default.String);
}
