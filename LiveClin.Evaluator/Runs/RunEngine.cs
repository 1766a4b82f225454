using System.Collections.Immutable;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>How a run ended.</summary>
/// <param name="Status">Its state.</param>
/// <param name="Reason">Why it stopped, when it failed.</param>
/// <param name="IsRefusal">True when the data are at fault: what is stored does not fit them any more.</param>
internal sealed record RunEnd(RunStatus Status, string? Reason, bool IsRefusal = false)
{
    /// <summary>True when a limit that was set has stopped it.</summary>
    public bool IsAtLimit { get; init; }

    /// <summary>True when time or money mends what has stopped it, or a start of the server.</summary>
    public bool IsForNow { get; init; }

    /// <summary>The run as it stood, when the way to a target was refused before anything was asked: its own target stays.</summary>
    public RunInfo? Before { get; init; }

    /// <summary>The end that something which concerns the whole run brings about.</summary>
    public static RunEnd Of(RunHaltedException halted) =>
        new(halted.IsLimit ? RunStatus.Cancelled : RunStatus.Failed, halted.Message, halted.IsRefusal)
        {
            IsAtLimit = halted.IsLimit,
            IsForNow = halted.InnerException is ModelCallException { IsForNow: true },
        };
}

/// <summary>Holds the conversations of a run, many at a time.</summary>
internal sealed class RunEngine(RunPlan plan, CaseRunner runner, OpenConversations open, Isolation isolation, RunHistory history,
    TimeProvider time)
{
    // A wrong key or a field that the server refuses shows at the first question: a hundred at once would all have to find it out.
    private static readonly TimeSpan FirstAlone = TimeSpan.FromSeconds(10);

    /// <summary>Holds every open conversation to its end; never throws for what a model, a server or a disk does.</summary>
    /// <param name="stopping">No further question is asked; an answer that was paid for should not be lost.</param>
    /// <param name="givingUp">Nor is any reply waited for, or a database that is gone.</param>
    public async Task<RunEnd> RunAsync(CancellationToken stopping, CancellationToken givingUp)
    {
        using var activity = RunTelemetry.Source.StartActivity($"run {plan.Run.Specification.Model}");
        activity?.SetTag("liveclin.run", plan.Run.Id).SetTag("liveclin.model", plan.Run.Specification.Model)
            .SetTag("liveclin.release", plan.Run.Specification.ReleaseName);
        using var halt = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(givingUp);
        RunHaltedException? halted = null;
        var workers = new List<Task> { Task.Run(WorkAsync, CancellationToken.None) };
        var others = Math.Min(plan.Concurrency, plan.Open.Length) - 1;
        if (others > 0) await Task.WhenAny(workers[0], history.FirstAnswer, Task.Delay(FirstAlone, time, halt.Token)).ConfigureAwait(false);
        workers.AddRange(Enumerable.Range(0, others).Select(_ => Task.Run(WorkAsync, CancellationToken.None)));
        await Task.WhenAll(workers).ConfigureAwait(false);
        return halted is not null ? RunEnd.Of(halted)
            : !open.AreOver ? new RunEnd(RunStatus.Cancelled, "Stopped on request; the same command goes on.")
            : new RunEnd(RunStatus.Completed, null);

        async Task WorkAsync()
        {
            try
            {
                while (!halt.IsCancellationRequested && await open.TakeAsync(halt.Token).ConfigureAwait(false) is { } held)
                    await HoldAsync(held, halt.Token, abort.Token).ConfigureAwait(false);
            }
            catch (RunHaltedException error)
            {
                await HaltAsync(error).ConfigureAwait(false);
            }
            catch (StoreException error)
            {
                await HaltAsync(new RunHaltedException(error.Message, error)).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (halt.IsCancellationRequested || abort.IsCancellationRequested)
            {
                // Stopped.
            }
        }

        async Task HaltAsync(RunHaltedException error)
        {
            if (Interlocked.CompareExchange(ref halted, error, null) is null) abort.CancelAfter(RunSession.Grace);
            await halt.CancelAsync().ConfigureAwait(false);
            // Where replies under way could not be stored, nobody waits for them.
            if (!error.CanStore) await abort.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task HoldAsync(HeldConversation held, CancellationToken stopping, CancellationToken abort)
    {
        var (isOver, isInside) = (false, false);
        try
        {
            await isolation.EnterAsync(held.Planned.Key, stopping).ConfigureAwait(false);
            isInside = true;
            isOver = await runner.RunAsync(held, stopping, abort).ConfigureAwait(false);
        }
        catch (ClaimLostException)
        {
            // Another evaluator goes on with it, after the connection was lost; what it does not finish comes back here.
        }
        finally
        {
            if (isInside) isolation.Leave();
            await open.ReturnAsync(held, isOver, abort).ConfigureAwait(false);
        }
    }
}
