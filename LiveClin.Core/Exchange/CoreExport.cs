using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Formats;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;

namespace LiveClin.Core.Exchange;

/// <summary>What a core export came to.</summary>
/// <param name="Written">Case files written.</param>
/// <param name="NotRun">Cases without a single answer: they get no entries, as when the published tool had not come to them.</param>
public sealed record CoreExportResult(int Written, int NotRun);

/// <summary>Writes a run into the published core tools' folder.</summary>
public static class CoreExport
{
    /// <summary>Puts the run's entries into a folder's case files; files that are not there are made from the release.</summary>
    /// <exception cref="ResultFileException">A file in the folder is broken or another case, or the run was imported without its cases'
    /// texts.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static CoreExportResult Write(ResultStore store, RunResults results, string folder, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(results);
        var specification = results.Run.Specification;
        var mode = specification.ImageMode == "url" ? ImageMode.Url : ImageMode.Local;
        if (results.Release.Cases.All(@case => @case.Scenario.Length == 0 && @case.Questions.All(question => question.Options.IsEmpty)))
            throw new ResultFileException(folder, "",
                $"run {results.Run.Id} was imported without the cases' texts, which this format needs. Import it again and name its release with --dataset or --jsonl-path");
        var findImage = FinderOf(store, results.Release.ImageRoot);
        // Under a condition what was sent is not what the release says, so the store is asked.
        var imageNames = new Lazy<Dictionary<string, string>>(() =>
            store.GetRunImages(results.Run.Id).DistinctBy(image => image.Sha256).ToDictionary(image => image.Sha256, image => image.File));
        var (written, notRun) = (0, 0);
        Directory.CreateDirectory(folder);
        foreach (var @case in results.Release.Cases)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (results.Of(@case).Count == 0)
            {
                notRun++;
                continue;
            }

            var prompts = PromptBuilder.Build(@case, mode, findImage);
            CoreFolder.Merge(folder, @case.FileName, @case.Json,
                [.. @case.Questions.Select(question => specification.Condition == Condition.PublishedName
                ? Entry(results, @case, question, prompts[question.Index])
                : Entry(results, @case, question, store, imageNames.Value))]);
            written++;
        }

        return new CoreExportResult(written, notRun);
    }

    private static CoreEntry Entry(RunResults results, Case @case, Question question, TurnPrompt prompt)
    {
        var answer = results.Find(@case, question);
        var sent = answer is { Attempts: > 0 } or { Reply: not null };
        return ResultConversion.ToCore(
            results.Run.Specification.ModelUnderCondition, answer, prompt.Text, sent
                ? prompt.Images.Select(image => image.Url ?? image.File ?? "") : []);
    }

    private static CoreEntry Entry(RunResults results, Case clinicalCase, Question question, ResultStore store,
        Dictionary<string, string> imageNames)
    {
        var answer = results.Find(clinicalCase, question);
        var prompt = answer?.PromptHash is { } hash ? store.FindPrompt(hash) : null;
        var images = prompt is null ? [] : StoredPrompt.ReadImages(prompt.ImagesJson);
        return ResultConversion.ToCore(results.Run.Specification.ModelUnderCondition, answer, prompt?.Text,
            images.Select(image => imageNames.GetValueOrDefault(image, image)));
    }

    // The images may be gone by now; the store still knows which were sent.
    private static Func<string, ImageFile?> FinderOf(ResultStore store, string imageRoot)
    {
        var sent = new Lazy<Dictionary<string, StoredImage>>(() =>
            store.ListImages().DistinctBy(image => image.Path).ToDictionary(image => image.Path, StringComparer.Ordinal));
        var resolver = new ImageResolver(imageRoot);
        return file =>
        {
            var look = resolver.Look(file);
            if (look.Status != ImageStatus.Missing) return look.File;
            return sent.Value.TryGetValue(Path.GetFullPath(Path.Combine(resolver.Root, file)), out var image)
                ? new ImageFile(image.Path, image.MediaType, image.Bytes)
                : null;
        };
    }
}
