using Grpc.Core;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Telemetry;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Sweep;

/// <summary>
/// Evaluates one model: its server up, its runs begun or continued and watched to their ends, one condition after the other, its server
/// down.
/// </summary>
internal sealed class ModelEvaluation(
    EvaluatorClient evaluator, RunWatcher watcher, ServerController servers, SweepSettings settings, PauseGate gate,
    ModelRunPublisher publisher, TimeProvider time, SweepNews news, BuiltInCheck builtIn)
{
    /// <summary>Waits until the API's key was entered in the dashboard, if it is missing.</summary>
    public async Task WaitForKeyAsync(ModelRun run, CancellationToken cancellationToken)
    {
        if (!run.Server.LacksKey || await IsDoneAsync(run, cancellationToken)) return;
        await publisher.StateAsync(run, $"waiting for the API key {run.Server.Key!.Name}: enter it in the dashboard, under Parameters");
        try
        {
            await run.Server.Key.GetValueAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is stopped meanwhile is shown as stopped when its turn comes.
        }
    }

    /// <summary>Evaluates the model; what goes wrong is kept in its runs.</summary>
    /// <param name="runs">The model's runs, one for each condition.</param>
    /// <param name="again">True to ask everything again, in other runs.</param>
    /// <param name="cancellationToken">Stops the evaluation; the next one goes on.</param>
    public async Task RunAsync(IReadOnlyList<ModelRun> runs, bool again, CancellationToken cancellationToken)
    {
        (runs[0].Resource.Vision, runs[0].Resource.IsVisionSaid) = (null, false);
        var serving = new Serving();
        try
        {
            foreach (var run in runs) await RunAsync(run, serving, again, cancellationToken);
            if (runs.Count > 1) await publisher.EndAsync(runs);
        }
        finally
        {
            if (runs[0].Server is ManagedServerResource server)
            {
                await servers.StopAsync(server);
                servers.Leave(server);
            }
        }
    }

    private async Task RunAsync(ModelRun run, Serving serving, bool again, CancellationToken cancellationToken)
    {
        using var activity = SweepTelemetry.Start($"model {run.Title}")?.SetTag("liveclin.model", run.Model.Name)
            .SetTag("liveclin.condition", run.Condition).SetTag("liveclin.server", run.Server.Name);
        (run.State, run.Run, run.Failure, run.IsInvalid) = (ModelRunState.Active, null, null, run.Model.Problems.Count > 0);
        try
        {
            await gate.PassAsync(cancellationToken);
            run.HasNothingToAsk = false;
            // What keeps the model's server from answering holds for its other conditions as well.
            run.Failure = run.IsInvalid ? string.Join(" ", run.Model.Problems) : serving.Failure
                ?? await AskAsync(run, serving, again || settings.Fresh, cancellationToken);
            run.State = run.Failure is null ? ModelRunState.Completed : IsStopped(run, serving)
                ? ModelRunState.Stopped : ModelRunState.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            run.State = ModelRunState.Stopped;
        }
        catch (RpcException e)
        {
            run.State = ModelRunState.Failed;
            run.Failure = RunWatcher.Describe(e);
            run.IsInvalid = e.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition;
        }

        activity?.SetTag("liveclin.run", run.Run?.Id).End(run.Failure?.Reason);
        await publisher.EndAsync(run);
    }

    // By a limit that was set, or by a person; a server that was lost is a failure, although its run is cancelled to go on later.
    private static bool IsStopped(ModelRun run, Serving serving) => serving.Failure is null && run.Run is { Status: RunStatus.Cancelled };

    private async Task<Failure?> AskAsync(ModelRun run, Serving serving, bool fresh, CancellationToken cancellationToken)
    {
        var plan = await evaluator.PlanAsync(run, fresh, cancellationToken);
        if (plan.Progress.CasesTotal == 0)
        {
            run.HasNothingToAsk = true;
            await publisher.StateAsync(run, SweepText.NothingToAsk(run));
            return null;
        }

        if (!fresh && DoneIn(plan) is { } done)
        {
            run.Run = done;
            await publisher.StateAsync(run, $"run {done.Id} {(run.IsAnswered ? "is complete already" : "has nothing left to ask")}");
            return null;
        }

        await publisher.EstimateAsync(run, SweepText.Estimate(plan.Estimate));
        return await ServeAsync(run, serving, fresh, cancellationToken);
    }

    private async Task<Failure?> ServeAsync(ModelRun run, Serving serving, bool fresh, CancellationToken cancellationToken)
    {
        if (run.Server is not ManagedServerResource server)
        {
            if (run.Server is ModelEndpointResource && await ModelList.FindAsync(run.Server, cancellationToken) is { } problem)
                return problem;
            if (run.Server is BaselineModel examinee && await builtIn.FindProblemAsync(examinee, cancellationToken) is { } missing)
                return missing;
            await BeginAsync(run, fresh, cancellationToken);
            return (await watcher.WatchAsync(run, null, cancellationToken)).Failure;
        }

        while (true)
        {
            // Between conditions it stays up.
            if (!servers.IsUp(server) && await servers.StartAsync(run, server, cancellationToken) is { } notReady)
                return serving.Failure = notReady;
            await BeginAsync(run, fresh, cancellationToken);
            var ending = await watcher.WatchAsync(run, server, cancellationToken);
            if (!ending.ServerDied) return ending.Failure;
            var isCounted = serving.Restarts.IsCounted(ending, run.Progress.QuestionsAnswered);
            var restarts = serving.Restarts.Counted;
            if (isCounted && restarts == run.Model.Restarts)
                return serving.Failure =
                    ending.Failure!.After(
                        $"the server died{(restarts > 0 ? $" again after {restarts} restart{(restarts == 1 ? "" : "s")}" : "")}");
            // One that hangs is still there.
            if (ending.IsCauseFound) SweepLog.CauseFound(news.Of(run), run.Title, ending.Failure!.Reason);
            else if (isCounted) SweepLog.ServerDied(news.Of(run), run.Title, ending.Failure!.Reason, restarts + 1, run.Model.Restarts);
            else SweepLog.ServerDiedAgain(news.Of(run), run.Title, ending.Failure!.Reason);
            await servers.StopAsync(server);
            // Nothing is left but what the server dies at.
            if (run.Run!.Status == RunStatus.EndedWithFailures) return null;
            if (isCounted) serving.Restarts.Count();
            await publisher.StateAsync(run, isCounted
                ? $"restart {restarts + 1} of {run.Model.Restarts}" : "restart to find the question that the server dies at");
            await Task.Delay(Backoff.Before(restarts + 1), time, cancellationToken);
        }
    }

    /// <summary>A model's server through its conditions.</summary>
    private sealed class Serving
    {
        /// <summary>How often it was started again after it died.</summary>
        public RestartCount Restarts { get; } = new();

        /// <summary>Why it serves no more; null while it can.</summary>
        public Failure? Failure { get; set; }
    }

    // The store knows: for a run that has reached its target no server is started and nothing is sent.
    private static Run? DoneIn(PlanRunResponse plan)
    {
        if (plan is not { Run: { } done, QuestionsToAsk: 0 }) return null;
        done.Progress = plan.Progress; // of what was asked for now
        return done;
    }

    private async Task<bool> IsDoneAsync(ModelRun run, CancellationToken cancellationToken)
    {
        try
        {
            return !settings.Fresh && run.Model.Problems.Count == 0
                && await evaluator.PlanAsync(run, fresh: false, cancellationToken) is { QuestionsToAsk: 0 };
        }
        catch (RpcException)
        {
            return false; // told when its turn comes
        }
    }

    private async Task BeginAsync(ModelRun run, bool fresh, CancellationToken cancellationToken)
    {
        await publisher.StateAsync(run, "beginning");
        // One that this sweep has begun already goes on.
        var isKnown = run.Run is not null;
        run.Run = await evaluator.StartAsync(run, fresh && !isKnown, cancellationToken);
        await publisher.StateAsync(run, isKnown || run.Progress.QuestionsDone > 0
            ? $"run {run.Run.Id} continued, {run.Progress.QuestionsDone} of {run.Progress.QuestionsTotal} questions are done"
            : $"run {run.Run.Id} begun");
    }
}
