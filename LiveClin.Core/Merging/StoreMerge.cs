using LiveClin.Core.Results;

namespace LiveClin.Core.Merging;

/// <summary>
/// Brings the runs of a store into another one. Runs of one identity become one run; of one conversation the longer form stands; where two
/// stores hold different replies, the target's stay.
/// </summary>
public sealed class StoreMerge(ResultStore source, ResultStore target)
{
    private const int MostTries = 3;
    private IReadOnlyList<RunInfo> _runs = [];

    /// <summary>Merges every run. Runs are taken over one by one: what a crash interrupts, the same command finishes.</summary>
    /// <exception cref="StoreException">A store cannot be read or written.</exception>
    public async Task<MergeResult> RunAsync(CancellationToken cancellationToken)
    {
        foreach (var known in source.ListReleases().Where(known => target.FindRelease(known.Sha256) is not null))
            await target.RepairAsync(source.LoadRelease(known.Sha256)!, isFromFile: false).ConfigureAwait(false);
        var result = MergeResult.Nothing;
        _runs = source.ListRuns();
        foreach (var run in _runs.Reverse())
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                result += await MergeAsync(run).ConfigureAwait(false);
            }
            catch (StoreException error) when (error.Problem == StoreProblem.Damaged)
            {
                // The others may be sound.
                result = result with { Damaged = [.. result.Damaged, $"run {run.Id} is not taken over. {error.Message}"] };
            }
        }

        await MergeVerdictsAsync().ConfigureAwait(false);
        return result;
    }

    // Of a reviewer's two verdicts on one question the later one stays. What reviewers say of a release that no run brought along has no
    // place here.
    private async Task MergeVerdictsAsync()
    {
        foreach (var release in source.ListReleases().Where(release => target.FindRelease(release.Sha256) is not null))
        {
            if (source.GetVerdicts(release.Sha256) is not { Count: > 0 } verdicts) continue;
            await target.WriteAsync(write =>
            {
                foreach (var verdict in verdicts) write.PutVerdict(release.Sha256, verdict);
            }).ConfigureAwait(false);
        }
    }

    // Another process may begin the run, or bring it from another store, before this one has written it: then it is there, and merged into.
    private async Task<MergeResult> MergeAsync(RunInfo run)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryMergeAsync(run).ConfigureAwait(false);
            }
            catch (ClaimLostException error)
            {
                if (tries == MostTries)
                    throw new StoreException(StoreProblem.Other,
                        $"Run {run.Id}: other processes begin it in {target.Path} again and again. The same command goes on.", error);
            }
        }
    }

    private async Task<MergeResult> TryMergeAsync(RunInfo run)
    {
        var existing = FindCounterpart(run);
        var into = existing ?? run;
        var known = existing is null ? [] : StoredConversation.Of(await ReadAsync(existing, run).ConfigureAwait(false));
        var (taken, conflicts) = (new List<Taken>(), new List<MergeConflict>());
        foreach (var (place, conversation) in StoredConversation.Of(source.GetAnswers(run.Id)))
            Choose(conversation, known.GetValueOrDefault(place), run, into.Id, taken, conflicts);
        // What is sound goes into a run that is there; one that begins here is whole, or does not begin.
        var damaged = existing is null ? [] : TakeOutDamaged(run, taken);
        var superseded = FindSuperseded(run, existing);

        if (existing is not null && taken.Count == 0 && superseded.Count == 0 && existing.Target.Contains(run.Target))
        {
            // A merge that was killed may have left all of it behind, and not what is to be said of it.
            if (existing.Status != RunStatus.Completed && StandingOf(existing.Id, run).Status == RunStatus.Completed)
                await SettleAsync(existing.Id, run, existing, conversations: 0).ConfigureAwait(false);
            return MergeResult.Nothing with { Conflicts = conflicts, Damaged = damaged };
        }

        await WriteAsync(run, existing, taken, superseded).ConfigureAwait(false);
        var count = existing is null ? taken.Count : await TakeOverAsync(existing.Id, run, taken, conflicts).ConfigureAwait(false);
        await SettleAsync(into.Id, run, existing, count).ConfigureAwait(false);
        return new MergeResult(existing is null ? 1 : 0, existing is null ? 0 : 1, count, conflicts) { Damaged = damaged };
    }

    private static string[] TakeOutDamaged(RunInfo run, List<Taken> taken)
    {
        var damaged = taken.Where(each => each.Conversation.Beyond(each.Standing).Any(answer => answer.IsDamaged))
            .Select(each => each.Conversation).ToList();
        if (damaged.Count == 0) return [];
        taken.RemoveAll(each => damaged.Contains(each.Conversation));
        var first = damaged.MinBy(conversation => (conversation.Epoch, conversation.CaseOrdinal))!;
        return
        [
            $"run {run.Id}: conversations with replies that are damaged where they come from are left out "
            + $"({damaged.Count}; the first is case {first.CaseOrdinal + 1}, epoch {first.Epoch}).",
        ];
    }

    private static void Choose(
        StoredConversation conversation, StoredConversation? standing, RunInfo run, string into, List<Taken> taken,
        List<MergeConflict> conflicts)
    {
        if (standing?.FindDifference(conversation) is { } question)
            conflicts.Add(new MergeConflict(run.Specification.Model, into, run.Id, conversation.Epoch, conversation.CaseOrdinal, question));
        else if (conversation.CompareTo(standing) > 0 && conversation.Beyond(standing).Any())
            taken.Add(new Taken(conversation, standing));
    }

    // Others may be asking the same run meanwhile: each conversation is taken over alone and whole, and chosen again when it has grown
    // there since it was read. Each time it has more replies, so that this ends.
    private async Task<int> TakeOverAsync(string id, RunInfo run, List<Taken> taken, List<MergeConflict> conflicts)
    {
        var count = 0;
        for (var open = taken; open.Count > 0;)
        {
            var isStored = await Task.WhenAll(open.Select(each => TryTakeOverAsync(id, each))).ConfigureAwait(false);
            count += isStored.Count(stored => stored);
            var lost = open.Where((_, i) => !isStored[i]).ToList();
            open = [];
            foreach (var (conversation, _) in lost)
            {
                var there = StoredConversation.Of(target.GetConversation(id, conversation.Epoch, conversation.CaseOrdinal));
                Choose(conversation, there.Values.SingleOrDefault(), run, id, open, conflicts);
            }
        }

        return count;
    }

    private async Task<bool> TryTakeOverAsync(string id, Taken taken)
    {
        try
        {
            await target.WriteAsync(write => Put(write, id, taken)).ConfigureAwait(false);
            return true;
        }
        catch (ClaimLostException)
        {
            return false;
        }
    }

    private static void Put(StoreTransaction write, string id, Taken taken)
    {
        write.ForgetUnanswered(id, taken.Conversation.Epoch, taken.Conversation.CaseOrdinal);
        write.IsClaimed = true; // what another one has stored there meanwhile ends it
        foreach (var answer in taken.Conversation.Beyond(taken.Standing)) write.PutAnswer(id, answer);
    }

    // What the target has of a run, after replies that are damaged there have been put back from the source, as far as it has them.
    private async Task<IReadOnlyList<Answer>> ReadAsync(RunInfo existing, RunInfo run)
    {
        var stored = target.GetAnswers(existing.Id);
        var damaged = stored.Where(answer => answer.IsDamaged).Select(PlaceOf).ToHashSet();
        if (damaged.Count == 0) return stored;
        var sound = source.GetAnswers(run.Id)
            .Where(answer => answer is { IsDamaged: false, Reply: not null } && damaged.Contains(PlaceOf(answer))).ToList();
        await target.WriteAsync(write =>
        {
            foreach (var answer in sound) write.RestoreReply(existing.Id, answer);
        }).ConfigureAwait(false);
        return target.GetAnswers(existing.Id);

        static (int, int, int) PlaceOf(Answer answer) => (answer.Epoch, answer.CaseOrdinal, answer.QuestionIndex);
    }

    // The same run, else one with the same identity and origin. A run that a fresh start has superseded stays a run of its own.
    private RunInfo? FindCounterpart(RunInfo run)
    {
        var runs = target.ListRuns();
        if (target.FindDamagedRuns().FirstOrDefault(lost => lost.Row == $"run {run.Id}") is { } damaged)
        {
            throw new StoreException(StoreProblem.Damaged,
                $"{target.Path} has it, and there it cannot be read (column {damaged.Column}). "
                + "Merge both into a new store, the sound one first.");
        }

        if (runs.FirstOrDefault(other => other.Id == run.Id) is { } same)
        {
            return same.Specification.Identity == run.Specification.Identity
                ? same
                : throw new StoreException(StoreProblem.Other,
                    $"Run {run.Id} of {source.Path} asks something else than the run of that name in {target.Path}.");
        }

        if (run.SupersededBy is not null) return null;
        return runs.Where(other => other.SupersededBy is null && !IsSupersededInSource(other) && other.Source == run.Source
            && other.Specification.Identity == run.Specification.Identity)
            .MinBy(other => other.Id, StringComparer.Ordinal);
    }

    private bool IsSupersededInSource(RunInfo run) => _runs.Any(other => other.Id == run.Id && other.SupersededBy is not null);

    // Fresh starts made since the stores were merged last: the run that counts in the source takes the place of those that count here still
    // and no longer there, whichever run it was that superseded them: that one may never have come along, being merged into another.
    private List<string> FindSuperseded(RunInfo run, RunInfo? existing)
    {
        if (run.SupersededBy is not null || existing?.SupersededBy is not null) return [];
        var into = existing ?? run;
        return [.. target.ListRuns().Where(other => other.SupersededBy is null && other.Id != into.Id && other.Source == into.Source
            && other.Specification.Identity == into.Specification.Identity && IsSupersededInSource(other)).Select(other => other.Id)];
    }

    private Task WriteAsync(RunInfo run, RunInfo? existing, List<Taken> taken, List<string> superseded)
    {
        var release = target.FindRelease(run.Specification.ReleaseSha256) is null ? source.LoadRelease(run.Specification.ReleaseSha256)
            : null;
        if (release?.Cases.FirstOrDefault(@case => @case.IsDamaged) is { } damaged)
        {
            throw new StoreException(StoreProblem.Damaged,
                $"{source.Path}: what is stored of case {damaged.Id} is no case any more, so that the release {release.Name} cannot be taken "
                + $"over. In that store, {StoreDamage.CaseRemedy}; or merge another store that has the release first.");
        }

        var prompts = taken.SelectMany(each => each.Conversation.Answers).Select(answer => answer.PromptHash).OfType<string>()
            .Distinct()
            .Where(hash => target.FindPrompt(hash) is null).Select(source.FindPrompt).OfType<StoredPrompt>().ToList();
        var images = prompts.SelectMany(prompt => StoredPrompt.ReadImages(prompt.ImagesJson)).Distinct()
            .Where(sha256 => target.FindImage(sha256) is null).Select(source.FindImage).OfType<StoredImage>().ToList();
        var recorded = source.GetEnvironments(run.Id);
        var there = existing is null ? [] : target.GetEnvironments(existing.Id).Select(known => known.Environment.ToJson()).ToHashSet();
        var (seen, events) = (source.GetRunImages(run.Id), existing is null ? source.GetEvents(run.Id) : []);
        // Those of one identity ask the same cases.
        var asked = existing is null ? source.GetRunCases(run.Id).Values : [];
        var id = (existing ?? run).Id;
        var free = existing is null && run.IsChosen && target.ListRuns()
            .All(other => !other.IsChosen || other.Specification.Identity != run.Specification.Identity);
        return target.WriteAsync(write =>
        {
            foreach (var earlier in superseded) write.SetSuperseded(earlier, id);
            if (existing is null && target.IsShared && !write.IsNew(run)) throw new ClaimLostException();
            if (release is not null) write.AddRelease(release);
            if (existing is null) Add(write, run, free, events, asked);
            else write.WidenTarget(id, run.Target);
            foreach (var environment in recorded.Where(other => !there.Contains(other.Environment.ToJson())))
                write.PutEnvironment(id, environment);
            foreach (var image in images) write.PutImage(image.Sha256, image.Path, image.MediaType, image.Bytes);
            foreach (var prompt in prompts) write.PutPrompt(prompt.Hash, prompt.Text, prompt.ImagesJson);
            foreach (var image in seen) write.PutRunImage(id, image);
            if (existing is not null) return;
            foreach (var each in taken) Put(write, id, each);
        });
    }

    private static void Add(StoreTransaction write, RunInfo run, bool choose, IEnumerable<RunEvent> events, IEnumerable<RunCase> asked)
    {
        write.AddRun(run);
        write.PutRunCases(run.Id, asked);
        if (run.SupersededBy is { } other) write.SetSuperseded(run.Id, other);
        if (run.IsHidden) write.SetHidden(run.Id, true);
        if (run.Tags.Count > 0) write.SetTags(run.Id, run.Tags);
        if (choose) write.SetChosen(run.Id, true);
        foreach (var noted in events) write.AddEvent(run.Id, noted.Kind, noted.Message, noted.At);
    }

    // The status says how the run stands to its own target, as after any other end. Another process may store the last answer, and that the
    // run is complete, between the look and the writing: then there is more to be said.
    private async Task SettleAsync(string id, RunInfo run, RunInfo? existing, int conversations)
    {
        if (existing is null && run.Status != RunStatus.Running) return;
        var standing = StandingOf(id, run);
        for (var settled = (RunStatus?)null; settled != standing.Status; standing = StandingOf(id, run))
        {
            var (status, reason) = standing;
            DateTimeOffset? finished = status == RunStatus.Running ? null
                : new[] { run.FinishedAt, existing?.FinishedAt }.Max() ?? LastAnswer(id) ?? run.StartedAt;
            await target.WriteAsync(write => write.SetStatus(id, status, reason, finished)).ConfigureAwait(false);
            settled = status;
        }

        if (existing is null || conversations == 0) return;
        await target.WriteAsync(write => write.AddEvent(id, "merged",
            $"{conversations} conversations from run {run.Id} ({run.Machine}; version {run.ProgramVersion}) of {Path.GetFileName(source.Path)}."))
            .ConfigureAwait(false);
    }

    private (RunStatus Status, string? Reason) StandingOf(string id, RunInfo run)
    {
        var merged = target.FindRun(id)!;
        var tally = target.Tally(merged);
        if (tally.IsComplete) return (RunStatus.Completed, null);
        if (tally.QuestionsDone == tally.Questions)
            return (RunStatus.EndedWithFailures, $"{tally.QuestionsFailed} of {tally.Questions} questions have no reply.");
        // Of one that has no end where it comes from, nobody has cancelled it; who works on it may still do.
        var isUnderWay = run.Status == RunStatus.Running || merged.Status == RunStatus.Running;
        return (isUnderWay ? RunStatus.Running : RunStatus.Cancelled,
            $"{tally.Questions - tally.QuestionsDone} of {tally.Questions} questions are still open.");
    }

    private DateTimeOffset? LastAnswer(string id) => target.GetAnswers(id).Max(answer => (DateTimeOffset?)answer.CompletedAt);

    // With what the target has of it.
    private sealed record Taken(StoredConversation Conversation, StoredConversation? Standing);
}
