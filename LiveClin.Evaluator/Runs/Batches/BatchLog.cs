using System.Text.RegularExpressions;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Runs.Batches;

/// <summary>A batch of a run that was begun and whose answers are not all stored yet.</summary>
/// <param name="Key">The key that this program gave it.</param>
/// <param name="Endpoint">The API that it was given to.</param>
/// <param name="Id">The API's identifier; null where it is not known whether the API got it.</param>
/// <param name="FileId">The API's identifier of its file of requests; null where it has none that is known.</param>
/// <param name="Questions">How many questions it holds.</param>
internal sealed record OpenBatch(string Key, string Endpoint, string? Id, string? FileId, int Questions)
{
    /// <summary>True when the API may be working on it.</summary>
    public bool MayBeThere => Id is not null || FileId is not null;
}

/// <summary>
/// The batches of a run, kept as its events: each is noted before its requests are sent, when the API has its file, when it has named the
/// batch, and when the answers are stored. Whatever stops the program in between, the next start knows what may have been paid for.
/// </summary>
/// <param name="store">Where the events are kept.</param>
/// <param name="run">The run.</param>
/// <param name="notify">Tells whoever watches.</param>
internal sealed partial class BatchLog(ResultStore store, RunInfo run, Action<string>? notify = null)
{
    private const string Begun = "batch_begun", Uploaded = "batch_uploaded", Submitted = "batch_submitted", Ended = "batch_ended";

    /// <summary>The batches whose answers are not all stored, oldest first.</summary>
    public IReadOnlyList<OpenBatch> FindOpen()
    {
        var open = new List<OpenBatch>();
        foreach (var noted in store.GetEvents(run.Id))
        {
            var words = noted.Kind switch
            {
                Begun => BegunWords().Match(noted.Message),
                Uploaded => UploadedWords().Match(noted.Message),
                Submitted => SubmittedWords().Match(noted.Message),
                Ended => EndedWords().Match(noted.Message),
                _ => Match.Empty,
            };
            if (!words.Success) continue;
            var at = open.FindIndex(batch => batch.Key == words.Groups["key"].Value);
            if (noted.Kind == Begun) open.Add(OfWords(words));
            else if (at >= 0 && noted.Kind == Ended) open.RemoveAt(at);
            else if (at >= 0 && noted.Kind == Uploaded) open[at] = open[at] with { FileId = words.Groups["file"].Value };
            else if (at >= 0) open[at] = open[at] with { Id = words.Groups["id"].Value, FileId = words.Groups["file"].Value };
        }

        return open;
    }

    /// <summary>What earlier starts have learnt of the room in the API's queue.</summary>
    public QueueRoom RecallRoom()
    {
        var room = new QueueRoom();
        foreach (var noted in store.GetEvents(run.Id).Where(noted => noted.Kind == Ended)) room.Recall(noted.Message);
        return room;
    }

    /// <summary>A batch is about to be sent.</summary>
    public async Task<OpenBatch> BeginAsync(int questions)
    {
        var batch = new OpenBatch(Guid.NewGuid().ToString("N")[..12], run.Specification.Endpoint, null, null, questions);
        var many = questions == 1 ? "" : "s";
        await NoteAsync(Begun, $"Batch {batch.Key}: {questions} question{many} for {batch.Endpoint}").ConfigureAwait(false);
        return batch;
    }

    /// <summary>The API has a batch's file, and is about to be asked to begin it.</summary>
    public async Task<OpenBatch> UploadAsync(OpenBatch batch, string fileId)
    {
        await NoteAsync(Uploaded, $"Batch {batch.Key}: requests in {fileId}").ConfigureAwait(false);
        return batch with { FileId = fileId };
    }

    /// <summary>The API has taken a batch.</summary>
    public async Task<OpenBatch> SubmitAsync(OpenBatch batch, string id, string fileId)
    {
        await NoteAsync(Submitted, $"Batch {batch.Key}: taken as {id}, requests in {fileId}").ConfigureAwait(false);
        return batch with { Id = id, FileId = fileId };
    }

    /// <summary>The answers of a batch are stored, or it has none.</summary>
    public Task EndAsync(OpenBatch batch, string words) => NoteAsync(Ended, $"Batch {batch.Key}: {words}");

    /// <summary>A file with a batch's results is gone; said, too.</summary>
    public Task LoseFileAsync(OpenBatch batch, string file, string words)
    {
        var said = $"Batch {batch.Key}: the API no longer has its file {file} ({words.TrimEnd('.')}). What it held counts as no result, and is asked again.";
        notify?.Invoke(said);
        return NoteAsync("batch_file_gone", said);
    }

    private static OpenBatch OfWords(Match begun) => new(
        begun.Groups["key"].Value, begun.Groups["endpoint"].Value, null, null,
        int.TryParse(begun.Groups["count"].ValueSpan, out var count) ? count : 0);

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
    [GeneratedRegex(@"^Batch (?<key>[0-9a-f]{12}): (?<count>\d+) questions? for (?<endpoint>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex BegunWords();

    // Sample: Batch 3f2a9c01d4e5: requests in file-xyz
    [GeneratedRegex("^Batch (?<key>[0-9a-f]{12}): requests in (?<file>[^ ,]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex UploadedWords();

    // Sample: Batch 3f2a9c01d4e5: taken as batch_abc123, requests in file-xyz
    [GeneratedRegex("^Batch (?<key>[0-9a-f]{12}): taken as (?<id>[^ ,]+), requests in (?<file>[^ ,]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex SubmittedWords();

    [GeneratedRegex("^Batch (?<key>[0-9a-f]{12}): ", RegexOptions.CultureInvariant)]
    private static partial Regex EndedWords();
}
