using Grpc.Core;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Telemetry;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Sweep;

/// <summary>Evaluates one model: its server up, its run begun or continued and watched to its end, its server down.</summary>
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

    /// <summary>Evaluates the model; what goes wrong is kept in the run.</summary>
    /// <param name="run">The model.</param>
    /// <param name="again">True to ask everything again, in another run.</param>
    /// <param name="cancellationToken">Stops the evaluation; the next one goes on.</param>
    public async Task RunAsync(ModelRun run, bool again, CancellationToken cancellationToken)
    {
        using var activity = SweepTelemetry.Start($"model {run.Model.Name}")?.SetTag("liveclin.model", run.Model.Name).SetTag("liveclin.server", run.Server.Name);
        (run.State, run.Run, run.Failure, run.IsInvalid) = (ModelRunState.Active, null, null, run.Model.Problems.Count > 0);
        try
        {
            await gate.PassAsync(cancellationToken);
            var fresh = again || settings.Fresh;
            if (run.IsInvalid) run.Failure = string.Join(" ", run.Model.Problems);
            else if (!fresh && await FindDoneAsync(run, cancellationToken) is { } done)
            {
                run.Run = done;
                await publisher.StateAsync(run, $"run {done.Id} {(run.Failures == 0 ? "is complete already" : "has nothing left to ask")}");
            }
            else run.Failure = await ServeAsync(run, fresh, cancellationToken);
            run.State = run.Failure is null ? ModelRunState.Completed : ModelRunState.Failed;
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

    private async Task<Failure?> ServeAsync(ModelRun run, bool fresh, CancellationToken cancellationToken)
    {
        if (run.Server is not ManagedServerResource server)
        {
            if (run.Server is ModelEndpointResource && await ModelList.FindAsync(run.Server, cancellationToken) is { } problem) return problem;
            if (run.Server is BaselineModel examinee && await builtIn.FindProblemAsync(examinee, cancellationToken) is { } missing) return missing;
            await BeginAsync(run, fresh, cancellationToken);
            return (await watcher.WatchAsync(run, null, cancellationToken)).Failure;
        }

        try
        {
            for (var restarts = 0; ; restarts++)
            {
                if (await servers.StartAsync(run, server, cancellationToken) is { } notReady) return notReady;
                await BeginAsync(run, fresh, cancellationToken);
                var ending = await watcher.WatchAsync(run, server, cancellationToken);
                if (!ending.ServerDied) return ending.Failure;
                if (restarts == run.Model.Restarts) return ending.Failure!.After($"the server died{(restarts > 0 ? $" again after {restarts} restart{(restarts == 1 ? "" : "s")}" : "")}");
                SweepLog.ServerDied(news.Of(run), run.Model.Name, ending.Failure!.Reason, restarts + 1, run.Model.Restarts);
                // One that hangs is still there.
                await servers.StopAsync(server);
                await publisher.StateAsync(run, $"restart {restarts + 1} of {run.Model.Restarts}");
                await Task.Delay(Backoff.Before(restarts + 1), time, cancellationToken);
            }
        }
        finally
        {
            await servers.StopAsync(server);
        }
    }

    // The store knows: for a run that has reached its target no server is started and nothing is sent.
    private async Task<Run?> FindDoneAsync(ModelRun run, CancellationToken cancellationToken)
    {
        var plan = await evaluator.PlanAsync(run, cancellationToken);
        if (plan is not { Run: { } done, QuestionsToAsk: 0 }) return null;
        done.Progress = plan.Progress; // of what was asked for now
        return done;
    }

    private async Task<bool> IsDoneAsync(ModelRun run, CancellationToken cancellationToken)
    {
        try
        {
            return !settings.Fresh && run.Model.Problems.Count == 0 && await FindDoneAsync(run, cancellationToken) is not null;
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
