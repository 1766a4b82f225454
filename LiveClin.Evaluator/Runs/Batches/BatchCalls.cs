using System.Text.Json;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs.Batches;

/// <summary>
/// Calls of a batch API, tried again where that may help: a batch goes on for hours, and a line that is down for a minute must not end it.
/// </summary>
internal sealed class BatchCalls(RunRequest request, BatchLog log, ProgressCounter progress, TimeProvider time)
{
    // Beyond the usual: minutes, with pauses of up to one.
    private const int MoreTries = 5;

    /// <summary>Makes a call.</summary>
    /// <param name="what">What it does, as part of a sentence.</param>
    /// <param name="callAsync">The call; told the how manyth try it is, from 1.</param>
    /// <param name="stopping">Gives up.</param>
    /// <exception cref="RunHaltedException">It does not succeed.</exception>
    public async Task<T> MakeAsync<T>(string what, Func<int, CancellationToken, Task<T>> callAsync, CancellationToken stopping)
    {
        var note = progress.Note;
        for (var attempt = 1; ; attempt++)
        {
            string words;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            limit.CancelAfter(request.Timeout);
            TimeSpan? asked = null;
            try
            {
                var result = await callAsync(attempt, limit.Token).ConfigureAwait(false);
                progress.Note = note;
                return result;
            }
            catch (ModelCallException failure) when (failure.Scope != FailureScope.Transient || failure.IsFatalAtFirst || IsLast(attempt))
            {
                throw Halted(what, Redact(failure.Message), failure);
            }
            catch (ModelCallException failure)
            {
                (asked, words) = (failure.RetryAfter, Redact(failure.Message));
            }
            catch (Exception error) when (IsMomentary(error) && !stopping.IsCancellationRequested)
            {
                words = Redact(
                    error is OperationCanceledException
                        ? $"no reply within {request.Timeout.TotalSeconds:0} s" : HttpFailures.Explain(error));
                if (IsLast(attempt)) throw Halted(what, words, error);
            }

            var pause = request.Retries.Pause(attempt, asked);
            progress.Note = $"the API does not {what} ({ErrorText.Shorten(words)}); asked again in {Math.Ceiling(pause.TotalSeconds):0} s";
            await Task.Delay(pause, time, stopping).ConfigureAwait(false);
        }
    }

    private string Redact(string words) => new KeyRedaction(request.Endpoint.ApiKey).Of(words);

    private bool IsLast(int attempt) => attempt > request.Retries.MaxRetries + MoreTries;

    private static bool IsMomentary(Exception error) =>
        HttpFailures.IsFailure(error) || error is JsonException or OperationCanceledException;

    private RunHaltedException Halted(string what, string words, Exception cause) => new(
        $"The batch API at {request.Endpoint.SafeUrl} does not {what}: {words.TrimEnd('.')}. "
        + (log.FindOpen().Any(batch => batch.MayBeThere)
            ? "Batches under way go on there, and the same command collects them."
            : "No batch is under way there; the same command goes on."), cause);
}
