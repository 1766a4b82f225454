using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs.Batches;

/// <summary>
/// Asks a run's questions through a batch API, in waves: the next question of every conversation, then, when all replies are there, the
/// next ones. Nothing is sent as long as a batch is under way, so that no question is ever paid for twice.
/// </summary>
internal sealed class BatchEngine(
    RunPlan plan, RunRequest request, BatchApi api, BatchLog log, OpenQuestions questions, BatchCollector collector, RunConduct conduct,
    ProgressCounter progress, SpendingLimit? limit, TimeProvider time)
{
    private const string AllCancelled =
        "No batch is under way any more; what they have answered is stored. The same command without --cancel-batches goes on.";

    // Files that are gone one after the other, of batches that were sent just now: more of them would be paid for and lost as well.
    private const int MostFilesLost = 2;

    // Looks at a batch that has ended, until its files are named.
    private const int LooksForFiles = 5;
    private readonly BatchCalls _calls = new(request, log, progress, time);
    private readonly QueueRoom _room = log.RecallRoom();
    private readonly BatchFile _files = new(questions, request.Endpoint.ApiId, plan.Run.Specification.ParametersJson);
    private readonly Dictionary<string, SentBatch> _sent = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _withoutFiles = new(StringComparer.Ordinal);
    private List<OpenBatch> _open = [];
    private int _filesLost;
    private string? _cancelled;

    // What this process knows of a batch that it sent itself.
    private sealed record SentBatch(IReadOnlyList<BatchQuestion> Questions, ImmutableList<string> Refused);

    /// <summary>Asks until every question has its outcome, or until <paramref name="stopping"/>; batches under way stay so.</summary>
    public async Task<RunEnd> RunAsync(CancellationToken stopping)
    {
        using var activity = RunTelemetry.Source.StartActivity($"run {plan.Run.Specification.Model}");
        activity?.SetTag("liveclin.run", plan.Run.Id).SetTag("liveclin.model", plan.Run.Specification.Model).SetTag("liveclin.batch", true);
        try
        {
            await FindLostAsync(stopping).ConfigureAwait(false);
            if (request.CancelBatches) await CancelAllAsync(stopping).ConfigureAwait(false);
            while (true)
            {
                await CollectUntilAsync(0, stopping).ConfigureAwait(false);
                if (request.CancelBatches) return new RunEnd(RunStatus.Cancelled, AllCancelled);
                if (_cancelled is not null)
                    return new RunEnd(RunStatus.Cancelled, $"{_cancelled} The same command asks again what it has not answered.");
                var next = questions.Next().ToList();
                if (next.Count == 0) return new RunEnd(RunStatus.Completed, null);
                stopping.ThrowIfCancellationRequested();
                if (limit is not null) next = next[..await limit.ReserveAsync(next.Count).ConfigureAwait(false)];
                collector.Reserve(next);
                await SubmitAllAsync(next, stopping).ConfigureAwait(false);
            }
        }
        catch (RunHaltedException halted)
        {
            return RunEnd.Of(halted);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return new RunEnd(RunStatus.Cancelled, log.FindOpen().Count switch
            {
                0 => "Stopped on request; the same command goes on.",
                1 => "Stopped on request. 1 batch goes on at the API, and the same command collects it; --cancel-batches ends it.",
                var left => $"Stopped on request. {left} batches go on at the API, and the same command collects them; --cancel-batches ends them.",
            });
        }
        finally
        {
            progress.Note = null;
        }
    }

    // A batch whose beginning was noted may have reached the API before the program was stopped.
    private async Task FindLostAsync(CancellationToken stopping)
    {
        _open = [.. log.FindOpen()];
        if (_open.FirstOrDefault(batch => batch.Endpoint != plan.Run.Specification.Endpoint) is { } other)
        {
            throw new RunHaltedException(
                $"Batch {other.Key} of run {plan.Run.Id} is under way at {other.Endpoint}. Continue the run there, or begin another one with --fresh.");
        }

        foreach (var batch in _open.Where(batch => batch.Id is null).ToList())
        {
            progress.Note = $"asking the API whether it has begun batch {batch.Key}";
            _open.Remove(batch);
            if (await FindAsync(batch, stopping).ConfigureAwait(false) is { } found)
                _open.Add(await log.SubmitAsync(batch, found.Id, batch.FileId ?? "-").ConfigureAwait(false));
            else await EndAsync(batch, "never reached the API").ConfigureAwait(false);
        }

        foreach (var batch in _open) _room.Sent(batch, _open);
    }

    private Task<BatchState?> FindAsync(OpenBatch batch, CancellationToken stopping) =>
        _calls.MakeAsync<BatchState?>("list its batches", async (_, token) =>
    {
        try
        {
            return await api.FindAsync(batch.Key, batch.FileId, token).ConfigureAwait(false);
        }
        catch (ModelCallException failure) when (failure.Kind is "http_404" or "http_405" or "http_501")
        {
            return null; // it has no list
        }
    }, stopping);

    private async Task CancelAllAsync(CancellationToken stopping)
    {
        foreach (var batch in _open.ToList())
        {
            var isKnown = await _calls.MakeAsync("cancel a batch", async (_, token) =>
            {
                try
                {
                    await api.CancelAsync(batch.Id!, token).ConfigureAwait(false);
                    return true;
                }
                catch (ModelCallException failure) when (failure.Kind is "http_400" or "http_409")
                {
                    return true; // it has ended meanwhile
                }
                catch (ModelCallException failure) when (failure.Kind == "http_404")
                {
                    return false;
                }
            }, stopping).ConfigureAwait(false);
            if (isKnown) continue;
            await log.EndAsync(batch, "not known to the API any more").ConfigureAwait(false);
            _open.Remove(batch);
        }
    }

    // Looks at the batches until so few are under way; the answers of the others are on disk then.
    private async Task CollectUntilAsync(int most, CancellationToken stopping)
    {
        for (var looks = 1; _open.Count > most; looks++)
        {
            var states = new List<(OpenBatch Batch, BatchState State)>();
            foreach (var batch in _open)
            {
                states.Add((batch, await _calls.MakeAsync(
                    $"say how batch {batch.Id} is", (_, token) => api.GetAsync(batch.Id!, token), stopping).ConfigureAwait(false)));
            }

            foreach (var (batch, _) in states.Where(each => QueueRoom.IsRefusal(each.State))) _room.Refused(batch);
            foreach (var (batch, state) in states.Where(each => each.State.HasEnded && !IsFileComing(each.Batch, each.State)))
                await CollectAsync(batch, state, stopping).ConfigureAwait(false);
            progress.Note = Describe(states);
            if (_open.Count > most) await Task.Delay(request.Retries.Pause(looks, null), time, stopping).ConfigureAwait(false);
        }
    }

    // Asked again now, the questions would be paid for twice.
    private bool IsFileComing(OpenBatch batch, BatchState state) =>
        state.LacksFiles && (_withoutFiles[batch.Key] = _withoutFiles.GetValueOrDefault(batch.Key) + 1) <= LooksForFiles;

    private string? Describe(List<(OpenBatch Batch, BatchState State)> states)
    {
        if (_open.Count == 0) return null;
        var which = _open.Count == 1
            ? $"batch {_open[0].Id} {ErrorText.Shorten(states.Find(each => each.Batch == _open[0]).State.Status)}"
                : $"{_open.Count} batches";
        var (done, total) = (states.Sum(each => each.State.Counts.Done), states.Sum(each => each.State.Counts.Total));
        return string.Create(CultureInfo.InvariantCulture, $"{which}, {done} of {total} requests done");
    }

    private async Task CollectAsync(OpenBatch batch, BatchState state, CancellationToken stopping)
    {
        var sent = _sent.GetValueOrDefault(batch.Key) ?? new SentBatch([], []);
        var ending = state.Status == BatchState.Failed ? await RefuseAsync(batch, state).ConfigureAwait(false) : state.Status;
        var tally = new BatchTally();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var isLost = state.LacksFiles;
        foreach (var file in new[] { state.OutputFileId, state.ErrorFileId }.OfType<string>())
            isLost |= !await ReadAsync(batch, file, state, sent, seen, tally, stopping).ConfigureAwait(false);
        if (state.Status == BatchState.Cancelled) _cancelled = $"Batch {batch.Id} was cancelled at the API.";
        foreach (var question in sent.Questions.Where(question => !seen.Contains(question.Id)))
        {
            if (state.Status is BatchState.Cancelled or BatchState.Failed) collector.AskAgain(question, tally);
            else await collector.MissAsync(question, tally).ConfigureAwait(false);
        }

        _open.Remove(batch);
        for (var i = 0; i < sent.Questions.Count; i++) progress.RequestEnded();
        // What belongs to a larger target is stored when that is asked for.
        if (tally.Elsewhere == 0) await EndAsync(batch, $"{ending}, {tally}").ConfigureAwait(false);
        if (tally.Fatal is { } fatal) throw new RunHaltedException(fatal);
        // In the next batch they would be paid for once more.
        if (tally.Empty >= ServerWatch.MostEmpty && progress.Snapshot().Answered == 0)
            throw ServerWatch.NothingWritten(tally.Empty, tally.EmptyWords);
        if (tally.Replies > 0) _filesLost = 0;
        else if (isLost && sent.Questions.Count > 0 && ++_filesLost == MostFilesLost)
        {
            throw new RunHaltedException(
                $"The batch API at {request.Endpoint.SafeUrl} has lost the results of {MostFilesLost} batches in a row. Ask the provider why; "
                + "the same command without --batch asks the rest one by one.");
        }
    }

    // False when the API no longer has the file.
    private Task<bool> ReadAsync(
        OpenBatch batch, string file, BatchState state, SentBatch sent, HashSet<string> seen, BatchTally tally,
        CancellationToken stopping) =>
        _calls.MakeAsync($"give the file {file}", async (_, token) =>
        {
            try
            {
                // What is stored already is passed over when it is read again.
                await foreach (var line in api.ReadLinesAsync(file, token).ConfigureAwait(false))
                    if (await collector.TakeAsync(line, sent.Refused, state.Duration, tally).ConfigureAwait(false) is { } id) seen.Add(id);
                return true;
            }
            catch (ModelCallException failure) when (failure.Kind is "http_404" or "http_410")
            {
                await log.LoseFileAsync(batch, file, new KeyRedaction(request.Endpoint.ApiKey).Of(failure.Message)).ConfigureAwait(false);
                return false;
            }
        }, stopping);

    // The whole batch is refused: there is no room for it, or it is wrong. Returns how it ended, in words.
    private async Task<string> RefuseAsync(OpenBatch batch, BatchState state)
    {
        var isNoRoom = QueueRoom.IsRefusal(state);
        if (isNoRoom && _room.Narrow(batch) is { } words) return words;
        var (code, message) = state.Error ?? ("", "it does not say why");
        var redaction = new KeyRedaction(request.Endpoint.ApiKey);
        (code, message) = (redaction.Of(code), redaction.Of(message));
        await EndAsync(batch, $"refused: {message}").ConfigureAwait(false);
        var named = code.Length > 0 ? $" ({ErrorText.Shorten(code)})" : "";
        var advice = isNoRoom
            ? " It held a single question, and no other batch of this run is queued: what else the account has queued must end first. "
                + "The same command goes on then."
            : "";
        throw new RunHaltedException(
            $"The batch API at {request.Endpoint.SafeUrl} refuses a batch: {message.TrimEnd('.')}{named}.{advice}");
    }

    private async Task EndAsync(OpenBatch batch, string words)
    {
        await log.EndAsync(batch, words).ConfigureAwait(false);
        if (batch.FileId is not { } file || file == "-") return;
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await api.DeleteFileAsync(file, patience.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ModelCallException or OperationCanceledException || HttpFailures.IsFailure(error))
        {
            // It only takes room there.
        }
    }

    private async Task SubmitAllAsync(List<BatchQuestion> wanted, CancellationToken stopping)
    {
        var folder = Directory.CreateTempSubdirectory("liveclin-batch-"); // the user's alone
        try
        {
            for (var at = 0; at < wanted.Count;)
            {
                await CollectUntilAsync(_room.MostBatches - 1, stopping).ConfigureAwait(false);
                if (_cancelled is not null) return;
                var refused = conduct.Adaptations.Refused;
                var path = Path.Combine(folder.FullName, "requests.jsonl");
                var count = await _files.WriteAsync(path, wanted.Skip(at).Take(_room.MostRequests), refused, stopping)
                    .ConfigureAwait(false);
                await SubmitAsync(path, new SentBatch(wanted.GetRange(at, count), refused), stopping).ConfigureAwait(false);
                at += count;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task SubmitAsync(string path, SentBatch sent, CancellationToken stopping)
    {
        progress.Note = $"sending {sent.Questions.Count} questions as a batch";
        var batch = await log.BeginAsync(sent.Questions.Count).ConfigureAwait(false);
        var file = await _calls.MakeAsync("take the file of a batch", (_, token) => api.UploadAsync(path, token), stopping)
            .ConfigureAwait(false);
        batch = await log.UploadAsync(batch, file).ConfigureAwait(false);
        progress.Note = $"waiting for the API to begin a batch of {sent.Questions.Count} questions";
        // A call that got no reply may have begun it all the same.
        var state = await _calls.MakeAsync("begin a batch", async (attempt, token) =>
        {
            var found = attempt > 1 ? await FindAsync(batch, token).ConfigureAwait(false) : null;
            return found ?? await api.CreateAsync(file, batch.Key, plan.Run.Id, token).ConfigureAwait(false);
        }, stopping).ConfigureAwait(false);
        batch = await log.SubmitAsync(batch, state.Id, file).ConfigureAwait(false);
        _sent[batch.Key] = sent;
        _room.Sent(batch, _open);
        _open.Add(batch);
        foreach (var _ in sent.Questions) progress.RequestStarted();
    }
}
