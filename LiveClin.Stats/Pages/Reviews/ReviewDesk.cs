using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using LiveClin.Evaluator.V1;
using LiveClin.ServiceDefaults.Rpc;
using LiveClin.Stats.Pages.Shell;
using LiveClin.Stats.ResultSets;
using Outcome = LiveClin.Core.Answers.Outcome;
using ReviewTopic = LiveClin.Core.Reviews.ReviewTopic;
using Verdict = LiveClin.Core.Reviews.Verdict;

namespace LiveClin.Stats.Pages.Reviews;

/// <summary>
/// What there is to review, and what reviewers say. The evaluator is the store's one writer; over a store that is only read it refuses,
/// in words.
/// </summary>
internal sealed class ReviewDesk(EvaluatorService.EvaluatorServiceClient evaluator, EvaluatorSource source)
{
    /// <summary>The questions of a topic, by position of case and question.</summary>
    public static IReadOnlyList<(int Case, int Question)> Queue(ReviewTopic topic, ResultView view) => topic switch
    {
        ReviewTopic.Key => [.. view.Items.Suspects.Select(item =>
            (view.Set.Cases.First(each => each.Id == item.CaseId).Index, item.Question))],
        ReviewTopic.Reply =>
            [.. All(view).Where(each => view.Set.Models.Any(model => IsUnparsed(model, view.Set.Cases[each.Case], each.Question)))],
        _ => [.. All(view)],
    };

    /// <summary>True where the published rule finds no letter in the model's reply.</summary>
    public static bool IsUnparsed(ModelResults model, CaseFacts clinicalCase, int question) =>
        model.Answers[clinicalCase.FirstQuestion + question].Outcome == Outcome.Unparsed;

    /// <summary>All verdicts on a release.</summary>
    /// <exception cref="RpcException">The evaluator cannot be reached.</exception>
    public Task<IReadOnlyList<Verdict>> ListAsync(string releaseSha256, CancellationToken cancellationToken) =>
        source.LoadVerdictsAsync(releaseSha256, cancellationToken);

    /// <summary>Keeps a verdict.</summary>
    /// <exception cref="RpcException">The evaluator refuses, or cannot be reached.</exception>
    public async Task PutAsync(string releaseSha256, Verdict verdict) =>
        await evaluator.PutVerdictsAsync(new PutVerdictsRequest { ReleaseSha256 = releaseSha256, Verdicts = { ToMessage(verdict) } });

    /// <summary>Takes a verdict back.</summary>
    /// <exception cref="RpcException">As above.</exception>
    public async Task RemoveAsync(string releaseSha256, Verdict verdict) =>
        await evaluator.PutVerdictsAsync(new PutVerdictsRequest { ReleaseSha256 = releaseSha256, Removed = { ToMessage(verdict) } });

    private static IEnumerable<(int Case, int Question)> All(ResultView view) =>
        view.Set.Cases.SelectMany(each => each.Questions.Select(question => (each.Index, question.Index)));

    private static Evaluator.V1.Verdict ToMessage(Verdict verdict) => new()
    {
        Topic = EnumByName<Evaluator.V1.ReviewTopic>.Of(verdict.Topic), CaseOrdinal = verdict.CaseOrdinal,
        QuestionIndex = verdict.QuestionIndex,
        Holds = verdict.Holds, By = verdict.By, At = Timestamp.FromDateTimeOffset(verdict.At),
    };
}
