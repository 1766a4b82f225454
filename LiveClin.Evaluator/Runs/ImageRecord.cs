using System.Collections.Concurrent;
using LiveClin.Core.Prompts;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Conversations;

namespace LiveClin.Evaluator.Runs;

/// <summary>The images of a run as it saw them first: each is recorded once, and another one under the same name is refused.</summary>
internal sealed class ImageRecord(RunInfo run, IEnumerable<RunImage> known)
{
    private readonly ConcurrentDictionary<string, string> _hashes = new(known.ToDictionary(image => image.File, image => image.Sha256), StringComparer.Ordinal);

    /// <summary>Checks the images of a prompt; returns those that are new to the run.</summary>
    /// <exception cref="RunRefusedException">An image is not the one that the run has seen.</exception>
    public IReadOnlyList<RunImage> Check(TurnPrompt prompt, SentPrompt sent)
    {
        var added = new List<RunImage>();
        foreach (var (name, file) in prompt.Images.Where(image => image.Url is null).Select(image => image.File!).Zip(sent.Files))
        {
            if (_hashes.TryAdd(name, file.FileSha256)) added.Add(new RunImage(name, file.FileSha256, file.Bytes, file.ModifiedAt));
            else if (_hashes[name] != file.FileSha256) throw RunPlanner.Changed(run, name, "its bytes are other ones now");
        }

        return added;
    }
}
