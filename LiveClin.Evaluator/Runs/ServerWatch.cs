using LiveClin.Core.Answers;
using LiveClin.Core.Failures;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>
/// Notices that the model's server is gone: when several questions in a row ended unreachable with no reply between them, the
/// run stops, instead of turning every remaining case into a failure. It can be continued when the server is back. So does a run none of
/// whose questions was ever answered, when the model writes nothing: each empty reply is paid for, and each of its tries.
/// </summary>
/// <param name="plan">What is asked of whom, and what came of it before.</param>
/// <param name="progress">Counts replies: those of earlier starts, and those that other evaluators got.</param>
/// <param name="isBatch">True when whole batches are asked: what is in one is paid for already, and read to its end.</param>
internal sealed class ServerWatch(RunPlan plan, ProgressCounter progress, bool isBatch)
{
    /// <summary>Empty replies after which a model that has written nothing yet is asked no more.</summary>
    public const int MostEmpty = 10;

    private const int Patience = 5;
    private const string Empty = "empty_reply";
    private int _unreachable, _empty;

    /// <exception cref="RunHaltedException">The server is gone, or the model writes nothing.</exception>
    public void Report(Answer answer)
    {
        ReportEmpty(answer);
        if (answer.ErrorKind == "interrupted") return; // hung up: dying or merely faulty, the next one tells
        if (answer.ErrorKind != HttpFailures.Unreachable)
        {
            Volatile.Write(ref _unreachable, 0);
            return;
        }

        if (Interlocked.Increment(ref _unreachable) >= Patience)
            throw new RunHaltedException(
                $"The model's server at {plan.Run.Specification.Endpoint} is gone: {Patience} questions in a row got no connection "
                + $"({answer.ErrorMessage}). Start it again; the same command then goes on.");
    }

    // Where something was answered the model can write, and its empty replies are results of their own. What was empty at an earlier start
    // has stopped it then: each start goes further, be the first questions the only ones that get nothing.
    private void ReportEmpty(Answer answer)
    {
        if (isBatch) return;
        if (answer is not { ErrorKind: Empty, Outcome: Outcome.Failed }) Volatile.Write(ref _empty, 0);
        else if (plan.StoredErrorOf(answer) != Empty && Interlocked.Increment(ref _empty) >= MostEmpty && progress.Snapshot().Answered == 0)
            throw NothingWritten(MostEmpty, answer.ErrorMessage);
    }

    /// <summary>The end of a run whose model writes nothing.</summary>
    /// <param name="questions">Empty replies.</param>
    /// <param name="words">What is said of one.</param>
    public static RunHaltedException NothingWritten(int questions, string? words) => new(
        $"Stopped, because the model wrote nothing to any of {questions} questions in a row, and has answered none yet "
        + $"({words?.TrimEnd('.')}). Its chat template or its server's reasoning parser may be wrong. The same command goes on.");

    /// <summary>What to do about a failure that concerns every question.</summary>
    public static string Explain(ModelCallException failure, RunSpecification specification) => failure.IsStreak
        ? $"Stopped, because {RunHistory.Patience} requests in a row failed alike, with no answer between them: "
            + Advise(failure, specification)
        : Advise(failure, specification);

    private static string Advise(ModelCallException failure, RunSpecification specification) => failure.Kind switch
    {
        _ when failure.IsExplained => failure.Message,
        "http_403" when failure.IsThroughProxy => failure.Message,
        "http_401" => $"{specification.Endpoint} refuses the API key ({failure.Message}). {SettingWords.GiveKey}",
        // A key, a region, a policy, a project without the model: the server's words tell which.
        "http_403" => $"{specification.Endpoint} refuses the questions ({failure.Message}). Ask its owner what this account, key and machine may do.",
        // A gateway may say more than that there is no such model: "No endpoints found that support image input".
        "http_404" => $"{specification.Endpoint} refuses the questions ({failure.Message}). Where it does not know the model "
            + $"'{specification.ApiId}', or has no chat completions at this address: {SettingWords.CheckModel}",
        _ => failure.Message,
    };
}
