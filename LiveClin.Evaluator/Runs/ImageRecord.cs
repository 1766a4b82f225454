using System.Collections.Concurrent;
using System.Security.Cryptography;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Conversations;

namespace LiveClin.Evaluator.Runs;

/// <summary>The images of a run as it saw them first: each is recorded once, and another one under the same name is refused.</summary>
internal sealed class ImageRecord(RunInfo run, IEnumerable<RunImage> known)
{
    private readonly ConcurrentDictionary<string, string> _hashes = new(known.ToDictionary(image => image.File, image => image.Sha256),
        StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, string> _atStart = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes the hashes of all images that a plan will send, before anything is: one that is exchanged while the run goes on is noticed
    /// even when the run has not used it yet. What cannot be read is left to the question that needs it.
    /// </summary>
    public Task HashAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        var images = plan.Open.Select(planned => planned.Case).Distinct().SelectMany(@case => plan.Asked[@case].Turns)
            .SelectMany(turn => turn.Prompt.Images)
            .Where(image => image.Url is null && !_hashes.ContainsKey(image.File!)).DistinctBy(image => image.File, StringComparer.Ordinal);
        return Parallel.ForEachAsync(images, cancellationToken, async (image, stop) =>
        {
            try
            {
                await using var file = RegularFile.OpenRead(image.Path!, image.Root);
                _atStart[image.File!] = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop).ConfigureAwait(false));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // said with the question
            }
        });
    }

    /// <summary>Checks the images of a prompt; returns those that are new to the run.</summary>
    /// <exception cref="RunRefusedException">An image is not the one that the run has seen.</exception>
    public IReadOnlyList<RunImage> Check(TurnPrompt prompt, SentPrompt sent)
    {
        var added = new List<RunImage>();
        foreach (var (name, file) in prompt.Images.Where(image => image.Url is null).Select(image => image.File!).Zip(sent.Files))
        {
            if (_atStart.TryGetValue(name, out var first) && first != file.FileSha256)
                throw RunPlanner.Changed(run, name, "it was exchanged while the run went on");
            if (_hashes.TryAdd(name, file.FileSha256)) added.Add(new RunImage(name, file.FileSha256, file.Bytes, file.ModifiedAt));
            else if (_hashes[name] != file.FileSha256) throw RunPlanner.Changed(run, name, "its bytes are other ones now");
        }

        return added;
    }
}
