using System.Collections.Concurrent;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Images;
using LiveClin.Evaluator.Models;
using LiveClin.Evaluator.Runs.Batches;

namespace LiveClin.Evaluator.Runs;

/// <summary>A run that is to be worked on.</summary>
/// <param name="Session">What others see of it.</param>
/// <param name="Planned">What is to be asked.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="Request">What was asked for.</param>
/// <param name="OnAnswer">Told of each answer once it is on disk.</param>
internal sealed record RunTask(
    RunSession Session, PlannedRun Planned, ProgressCounter Progress, RunRequest Request, Action<Case, Answer>? OnAnswer);

/// <summary>Does the work on runs: looks at the endpoint, asks, and says how it ended.</summary>
internal sealed class RunWorker(
    ResultStore store, ImageLibrary images, ModelClientFactory clients, RunEndings endings, TimeProvider time, ILogger logger)
{
    private readonly ConcurrentDictionary<(string Model, string Release), ModelSpending> _spending = new();
    private readonly ConcurrentDictionary<string, SuspectQuestions> _suspects = new(StringComparer.Ordinal);

    /// <summary>Works on a run until it has reached its target or is stopped; never faults.</summary>
    /// <param name="task">The run.</param>
    /// <returns>The run as it ended.</returns>
    public async Task<RunInfo> RunAsync(RunTask task)
    {
        var (session, planned, _, request, _) = task;
        var run = session.Run;
        RunEnd? end;
        try
        {
            await using var listener = await StopWishListener.EnterAsync(store, session, time).ConfigureAwait(false);
            session.BecomeVisible();
            var spending = _spending.GetOrAdd((run.Specification.Model, run.Specification.ReleaseSha256), _ => new ModelSpending());
            var limit = LimitOf(session, request, spending);
            end = limit is not null && await limit.FindStopAsync().ConfigureAwait(false) is { } reached
                ? new RunEnd(RunStatus.Cancelled, reached) { IsAtLimit = true }
                : null;
            end ??= FindBatches(run, request);
            end ??= await ProbeAsync(session, planned, request).ConfigureAwait(false);
            if (end is null && request.CheckVision) await CheckVisionAsync(session, request).ConfigureAwait(false);
            end ??= await AskAsync(task, spending, limit).ConfigureAwait(false);
            if (end.Status == RunStatus.Completed) end = await endings.OfAsync(run, session.GivingUp).ConfigureAwait(false);
            (session.IsRefused, session.IsAtLimit, session.IsForNow) = (end.IsRefusal, end.IsAtLimit, end.IsForNow);
        }
        catch (OperationCanceledException)
        {
            end = new RunEnd(RunStatus.Cancelled, "Stopped on request; the same command goes on.");
        }
        catch (StoreException error)
        {
            end = new RunEnd(RunStatus.Failed, error.Message);
        }
        catch (Exception error)
        {
            RunLog.Unexpected(logger, error, run.Id);
            end = new RunEnd(RunStatus.Failed, $"Unexpected error: {error.Message}");
        }

        session.BecomeVisible(); // where it did not come to that
        return await endings.StoreAsync(run, end, session.GivingUp).ConfigureAwait(false);
    }

    // Asked now, what is in them would be paid for twice.
    private RunEnd? FindBatches(RunInfo run, RunRequest request)
    {
        if (request.Batch || new BatchLog(store, run).FindOpen() is not { Count: > 0 } open) return null;
        return new RunEnd(
            RunStatus.Failed,
            $"Run {run.Id} has {open.Count} batch{(open.Count == 1 ? "" : "es")} under way at {open[0].Endpoint}. "
            + "--batch (Batch) collects them; --batch --cancel-batches ends them.");
    }

    private SpendingLimit? LimitOf(RunSession session, RunRequest request, ModelSpending spending)
    {
        if (request is not { MaxCost: { } most, Price: { } price }) return null;
        spending.CountAgain(store, session.Run.Specification);
        return new SpendingLimit(price, most, spending, session.Estimate!);
    }

    // Null: nothing speaks against sending the questions.
    private async Task<RunEnd?> ProbeAsync(RunSession session, PlannedRun planned, RunRequest request)
    {
        var probe = new EndpointProbe(clients);
        var state = await probe.CheckAsync(request.Endpoint, session.Stopping).ConfigureAwait(false);
        if (state.IsBusy && FindDoubt(planned, state) is not null)
            state = await probe.InsistAsync(request.Endpoint, session.Stopping).ConfigureAwait(false);
        if (FindDoubt(planned, state) is { } doubt && !await probe.HasModelAsync(request.Endpoint, session.Stopping).ConfigureAwait(false))
            return new RunEnd(RunStatus.Failed, doubt, IsRefusal: !state.IsBusy) { IsForNow = state.IsBusy, Before = planned.Existing };

        var environment = ServingKnowledge.EnvironmentOf(request.Serving, request.Endpoint, state.ModelInfo);
        var recorded = new RecordedEnvironment(time.GetUtcNow(), environment);
        await store.WriteUnlessGoneAsync(write => write.PutEnvironment(session.Run.Id, recorded), session.GivingUp).ConfigureAwait(false);
        if (state.Warning is not null)
        {
            await TellAsync(session, "endpoint_warning", state.Warning).ConfigureAwait(false);
        }

        if (state.Problem is not null) return new RunEnd(RunStatus.Failed, state.Problem) { IsForNow = state.IsUnreachable };
        // Only now is it true: an address that is refused gives no answers.
        if (planned.Existing?.Specification.Endpoint is { } before && session.Run.Specification.Endpoint is var now && before != now)
        {
            var change = $"Answers until now came from {before}, further ones come from {now}.";
            await store.WriteUnlessGoneAsync(write => write.AddEvent(session.Run.Id, RunEvent.EndpointChanged, change), session.GivingUp)
                .ConfigureAwait(false);
        }

        return null;
    }

    // Another server under the run's name must say that it has the same model. Where nothing was answered yet, nothing can be mixed.
    private static string? FindDoubt(PlannedRun planned, EndpointState state)
    {
        if (state is not { Problem: null, Doubt: { } doubt } || planned.Existing?.Specification.Endpoint is not { } first) return null;
        var run = planned.Plan.Run;
        // Replies of older versions have no address of their own.
        var known = planned.Plan.ReplyEndpoints.Select(endpoint => endpoint ?? first).Distinct().ToList();
        if (known.Count == 0 || run.Specification.Endpoint is var now && (now == first || known.Contains(now))) return null;
        return $"Run {run.Id} has replies from {string.Join(" and ", known)}, and goes on at another address only where the same model "
            + $"is listed. {doubt.TrimEnd('.')}. Continue it where the model is listed or where it was asked before, "
            + "or begin another run with --fresh.";
    }

    private async Task CheckVisionAsync(RunSession session, RunRequest request)
    {
        using var activity = RunTelemetry.Source.StartActivity("vision check");
        var result = await new VisionCheck(clients).RunAsync(request.Endpoint, request.Timeout, session.Stopping).ConfigureAwait(false);
        session.Vision = result;
        var said = result.Reply is { } reply ? $"replied '{ErrorText.Shorten(reply)}'" : $"gave no reply ({result.Error})";
        var words = result.Passed
            ? "Passed"
            : $"Failed: asked for the colour of a yellow image, the model {said}. Its answers to questions with images say little.";
        if (!result.Passed) session.Notify("Vision check: " + words);
        await store.WriteUnlessGoneAsync(write => write.AddEvent(session.Run.Id, "vision_check", words), session.GivingUp)
            .ConfigureAwait(false);
    }

    private async Task<RunEnd> AskAsync(RunTask task, ModelSpending spending, SpendingLimit? limit)
    {
        var (session, planned, progress, request, onAnswer) = task;
        var plan = planned.Plan;
        progress.RequestLimit = plan.Concurrency;
        var conduct = new RunConduct(
            plan.Concurrency, time, request.Dialect.For(plan.Run.Specification.ParametersJson),
            change => TellAsync(session, "request_adapted", change), request.TokensPerMinute,
            gate => (progress.RequestLimit, progress.Note, progress.IsWaiting) = (gate.Limit, gate.Note, gate.IsWaiting));
        await conduct.Adaptations.TellAsync(plan.Run.Specification.ParametersJson).ConfigureAwait(false);
        var redaction = new KeyRedaction(request.Endpoint.ApiKey);
        var seen = new ImageRecord(plan.Run, planned.Images);
        await seen.HashAsync(plan, session.Stopping).ConfigureAwait(false);
        if (await BlankImages.FindProblemAsync(plan, session.Stopping).ConfigureAwait(false) is { } problem)
            return new RunEnd(RunStatus.Failed, problem, IsRefusal: true);
        var prompts = new RunPrompts(plan, images, seen);
        var watch = new ServerWatch(plan, progress, request.Batch);
        var keeper = new AnswerKeeper(plan, store, progress, watch, spending, time, onAnswer);
        if (request.Batch)
        {
            // A batch is sent as a whole: nobody else may ask what is in it.
            if (await store.CountOthersAsync(plan.Run.Id, session.GivingUp).ConfigureAwait(false) > 0)
            {
                return new RunEnd(
                    RunStatus.Failed,
                    $"Another evaluator works on run {plan.Run.Id}, and batches want it alone. Wait for its end, or stop it.");
            }

            var questions = new OpenQuestions(plan, prompts);
            var collector = new BatchCollector(
                questions, keeper, conduct, progress, limit, redaction, plan.Run.Specification, request.Retries.MaxRetries,
                time);
            var batches = clients.ConnectBatches(request.Endpoint);
            var log = new BatchLog(store, plan.Run);
            return await new BatchEngine(plan, request, batches, log, questions, collector, conduct, progress, limit, time)
                .RunAsync(session.Stopping).ConfigureAwait(false);
        }

        using var perEpoch = new EpochClients(clients, request, plan.Run.Specification.ParametersJson, conduct);
        var runner = new CaseRunner(plan, perEpoch.Of, prompts, keeper, progress, limit, time, redaction);
        var suspects = _suspects.GetOrAdd(plan.Run.Id, _ => new SuspectQuestions());
        using var open = new OpenConversations(plan, store, time, suspects);
        await using var shared = store.IsShared ? new SharedProgress(store, plan, progress, time) : null;
        var engine = new RunEngine(plan, runner, open, new Isolation(suspects), conduct.History, time);
        var end = await engine.RunAsync(session.Stopping, session.GivingUp).ConfigureAwait(false);
        if (session.Loss is not { } loss) return end;
        session.Verdict = suspects.Judge(runner.CutOff);
        if (session.Verdict.Guilty is { } guilty)
            await new LossRecord(plan, store, keeper, progress, time).KeepAsync(guilty, loss, session.GivingUp).ConfigureAwait(false);
        // What is left open makes it a run that was stopped.
        return await endings.OfAsync(plan.Run, session.GivingUp).ConfigureAwait(false) is { Status: not RunStatus.Cancelled } over ? over
            : new RunEnd(RunStatus.Cancelled, $"Stopped because the model's server is gone: {loss.Reason}");
    }

    // Shown to whoever watches, and kept.
    private async Task TellAsync(RunSession session, string kind, string words)
    {
        session.Notify(words);
        await store.WriteUnlessGoneAsync(write => write.AddEvent(session.Run.Id, kind, words), session.GivingUp).ConfigureAwait(false);
    }
}
