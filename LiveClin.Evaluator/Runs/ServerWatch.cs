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
/// <param name="specification">What is asked of whom.</param>
/// <param name="hasReplies">True when the run has replies from an earlier start.</param>
internal sealed class ServerWatch(RunSpecification specification, bool hasReplies)
{
    private const int Patience = 5, MostEmpty = 10;
    private int _unreachable, _empty;
    private bool _hasReplies = hasReplies;

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
                $"The model's server at {specification.Endpoint} is gone: {Patience} questions in a row got no connection ({answer.ErrorMessage}). Start it again; the same command then goes on.");
    }

    // Where something was answered the model can write, and its empty replies are results of their own.
    private void ReportEmpty(Answer answer)
    {
        if (answer.Reply is not null) Volatile.Write(ref _hasReplies, true);
        if (Volatile.Read(ref _hasReplies)) return;
        if (answer is not { ErrorKind: "empty_reply", Outcome: Outcome.Failed }) Volatile.Write(ref _empty, 0);
        else if (Interlocked.Increment(ref _empty) >= MostEmpty)
            throw new RunHaltedException(
                $"Stopped, because the model wrote nothing to any of {MostEmpty} questions in a row, and has answered none yet "
                + $"({answer.ErrorMessage?.TrimEnd('.')}). Its chat template or its server's reasoning parser may be wrong. "
                + "The same command goes on.");
    }

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
