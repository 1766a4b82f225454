using System.Collections.Concurrent;
using LiveClin.Core.Conditions;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;

namespace LiveClin.Evaluator.Runs;

/// <summary>
/// Looks whether all images that a plan replaces by grey ones can be replaced: before a question is asked, and not at the first that needs
/// it.
/// </summary>
internal static class BlankImages
{
    private const int Named = 5;

    /// <summary>What keeps the plan from being asked; null when nothing does, and where it replaces no image.</summary>
    public static async Task<string?> FindProblemAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        var images = plan.Open.Select(planned => planned.Case).Distinct().SelectMany(@case => plan.Asked[@case].Turns)
            .SelectMany(turn => turn.Prompt.Images).Where(image => image is { IsBlank: true, Path: not null })
            .DistinctBy(image => image.File, StringComparer.Ordinal);
        var unknown = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(images, cancellationToken, async (image, stop) =>
        {
            if (!await IsKnownAsync(image, stop).ConfigureAwait(false)) unknown.Add(image.File!);
        }).ConfigureAwait(false);
        if (unknown.IsEmpty) return null;
        var names = string.Join(", ", unknown.Order(StringComparer.Ordinal).Take(Named));
        return $"{unknown.Count} image{(unknown.Count == 1 ? "" : "s")} cannot be replaced by a grey one, because the size in pixels cannot be read "
            + $"from the file: {names}{(unknown.Count > Named ? ", …" : "")}. Mend or leave out what asks them (dataset verify names such files); nothing was asked.";
    }

    private static async Task<bool> IsKnownAsync(PromptImage image, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = RegularFile.OpenRead(image.Path!, image.Root);
            var bytes = new byte[checked((int)file.Length)];
            await file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            return PixelSize.Read(bytes) is not null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true; // what cannot be read at all is said with the question
        }
    }
}
