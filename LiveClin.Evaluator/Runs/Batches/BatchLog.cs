using System.Text.RegularExpressions;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs.Batches;

/// <summary>A batch of a run that was begun and whose answers are not all stored yet.</summary>
/// <param name="Key">The key that this program gave it.</param>
/// <param name="Endpoint">The API that it was given to.</param>
/// <param name="Id">The API's identifier; null where it is not known whether the API got it.</param>
/// <param name="FileId">The API's identifier of its file of requests; null likewise.</param>
internal sealed record OpenBatch(string Key, string Endpoint, string? Id, string? FileId);

/// <summary>
/// The batches of a run, kept as its events: each is noted before its requests are sent, when the API has named it, and when its answers are
/// stored. Whatever stops the program in between, the next start knows what may have been paid for.
/// </summary>
internal sealed partial class BatchLog(ResultStore store, RunInfo run)
{
    private const string Begun = "batch_begun", Submitted = "batch_submitted", Ended = "batch_ended";

    /// <summary>The batches whose answers are not all stored, oldest first.</summary>
    public IReadOnlyList<OpenBatch> FindOpen()
    {
        var open = new List<OpenBatch>();
        foreach (var noted in store.GetEvents(run.Id))
        {
            if (noted.Kind == Begun && BegunWords().Match(noted.Message) is { Success: true } begun)
                open.Add(new OpenBatch(begun.Groups["key"].Value, begun.Groups["endpoint"].Value, null, null));
            else if (noted.Kind == Submitted && SubmittedWords().Match(noted.Message) is { Success: true } submitted && IndexOf(submitted) is >= 0 and var at)
                open[at] = open[at] with { Id = submitted.Groups["id"].Value, FileId = submitted.Groups["file"].Value };
            else if (noted.Kind == Ended && EndedWords().Match(noted.Message) is { Success: true } ended && IndexOf(ended) is >= 0 and var over)
                open.RemoveAt(over);
        }

        return open;

        int IndexOf(Match match) => open.FindIndex(batch => batch.Key == match.Groups["key"].Value);
    }

    /// <summary>A batch is about to be sent.</summary>
    public async Task<OpenBatch> BeginAsync(int questions)
    {
        var batch = new OpenBatch(Guid.NewGuid().ToString("N")[..12], run.Specification.Endpoint, null, null);
        await NoteAsync(Begun, $"Batch {batch.Key}: {questions} question{(questions == 1 ? "" : "s")} for {batch.Endpoint}").ConfigureAwait(false);
        return batch;
    }

    /// <summary>The API has taken a batch.</summary>
    public async Task<OpenBatch> SubmitAsync(OpenBatch batch, string id, string fileId)
    {
        await NoteAsync(Submitted, $"Batch {batch.Key}: taken as {id}, requests in {fileId}").ConfigureAwait(false);
        return batch with { Id = id, FileId = fileId };
    }

    /// <summary>The answers of a batch are stored, or it has none.</summary>
    public Task EndAsync(OpenBatch batch, string words) => NoteAsync(Ended, $"Batch {batch.Key}: {words}");

    private async Task NoteAsync(string kind, string words)
    {
        try
        {
            await store.WriteAsync(write => write.AddEvent(run.Id, kind, words)).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            throw new RunHaltedException(error.Message, error);
        }
    }

    // Sample: Batch 3f2a9c01d4e5: 16 questions for https://api.example.com/v1
    [GeneratedRegex(@"^Batch (?<key>[0-9a-f]{12}): \d+ questions? for (?<endpoint>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex BegunWords();

    // Sample: Batch 3f2a9c01d4e5: taken as batch_abc123, requests in file-xyz
    [GeneratedRegex("^Batch (?<key>[0-9a-f]{12}): taken as (?<id>[^ ,]+), requests in (?<file>[^ ,]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex SubmittedWords();

    [GeneratedRegex("^Batch (?<key>[0-9a-f]{12}): ", RegexOptions.CultureInvariant)]
    private static partial Regex EndedWords();
}
