using Grpc.Core;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Telemetry;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.Sweep;

/// <summary>Evaluates one model: its server up, its run begun or continued and watched to its end, its server down.</summary>
internal sealed class ModelEvaluation(EvaluatorClient evaluator, RunWatcher watcher, ServerController servers, SweepJournal journal, SweepSettings settings, PauseGate gate, ModelRunPublisher publisher, TimeProvider time, SweepNews news, BuiltInCheck builtIn)
{
    /// <summary>Waits until the API's key was entered in the dashboard, if it is missing.</summary>
    public async Task WaitForKeyAsync(ModelRun run, CancellationToken cancellationToken)
    {
        if (!run.Server.LacksKey) return;
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
    /// <param name="again">True to ask everything again although an earlier run is complete.</param>
    /// <param name="cancellationToken">Stops the evaluation; the run can be resumed.</param>
    public async Task RunAsync(ModelRun run, bool again, CancellationToken cancellationToken)
    {
        using var activity = SweepTelemetry.Start($"model {run.Model.Name}")?.SetTag("liveclin.model", run.Model.Name).SetTag("liveclin.server", run.Server.Name);
        (run.State, run.Run, run.Failure, run.IsInvalid) = (ModelRunState.Active, null, null, run.Model.Problems.Count > 0);
        try
        {
            await gate.PassAsync(cancellationToken);
            if (!run.IsInvalid && !again && journal.Find(run.Model, settings) is { } id) run.Run = await evaluator.FindAsync(id, cancellationToken);
            if (run.IsInvalid) run.Failure = string.Join(" ", run.Model.Problems);
            else if (run.Run?.Status == RunStatus.Completed) await publisher.StateAsync(run, $"run {run.Run.Id} is complete already");
            else run.Failure = await ServeAsync(run, settings.Resume && !again, cancellationToken);
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
            run.IsInvalid = e.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound;
        }

        activity?.SetTag("liveclin.run", run.Run?.Id).End(run.Failure?.Reason);
        await publisher.EndAsync(run);
    }

    private async Task<Failure?> ServeAsync(ModelRun run, bool resume, CancellationToken cancellationToken)
    {
        if (run.Server is not ManagedServerResource server)
        {
            if (run.Server is ModelEndpointResource && await ModelList.FindAsync(run.Server, cancellationToken) is { } problem) return problem;
            if (run.Server is BaselineModel examinee && await builtIn.FindProblemAsync(examinee, cancellationToken) is { } missing) return missing;
            await BeginAsync(run, resume, cancellationToken);
            return (await watcher.WatchAsync(run, null, cancellationToken)).Failure;
        }

        try
        {
            for (var restarts = 0; ; restarts++)
            {
                if (await servers.StartAsync(run, server, cancellationToken) is { } notReady) return notReady;
                await BeginAsync(run, resume, cancellationToken);
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

    private async Task BeginAsync(ModelRun run, bool resume, CancellationToken cancellationToken)
    {
        await publisher.StateAsync(run, "beginning");
        var isKnown = run.Run is not null;
        run.Run = run.Run is { } known
            ? await evaluator.ResumeAsync(run, known.Id, cancellationToken)
            : await evaluator.StartAsync(run, resume, cancellationToken);
        journal.Note(run.Model, settings, run.Run.Id);
        await publisher.StateAsync(run, isKnown || run.Progress.QuestionsDone > 0 ? $"run {run.Run.Id} resumed, {run.Progress.QuestionsDone} of {run.Progress.QuestionsTotal} questions are done" : $"run {run.Run.Id} begun");
    }
}
