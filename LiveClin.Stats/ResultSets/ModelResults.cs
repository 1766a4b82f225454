using System.Collections.Immutable;
using System.Globalization;
using LiveClin.Core.Results;
using LiveClin.Core.Simulated;

namespace LiveClin.Stats.ResultSets;

/// <summary>One model's answers to the cases of a set.</summary>
public sealed record ModelResults
{
    // A sweep's servers get another port at each start.
    private const int MostEndpoints = 3;

    /// <summary>Display name; unique in the set.</summary>
    public required string Model { get; init; }

    /// <summary>
    /// The name that its source gives it; several results can have the same one. <see cref="Model"/> where it was not added to a set.
    /// </summary>
    public string SourceName { get => field ?? Model; init; }

    /// <summary>The run they come from; null where the source knows no runs.</summary>
    public string? RunId { get; init; }

    /// <summary>Name on the wire; null where the source does not say.</summary>
    public string? ApiId { get; init; }

    /// <summary>What it is: a model, a floor, or a simulated examinee. Only models are ranked.</summary>
    public ModelKind Kind => ApiId is null ? ModelKind.Model : ModelKinds.Of(ApiId);

    /// <summary>False while the run goes on or when it was cut off.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>The condition that the cases were asked under; only published results are ranked.</summary>
    public string Condition { get; init; } = Core.Conditions.Condition.PublishedName;

    /// <summary>What the condition made of the questions; null for published results.</summary>
    public ConditionFacts? Asked { get; init; }

    /// <summary>True when the run covers only a part of its release; then it takes no rank.</summary>
    public bool IsPartial { get; init; }

    /// <summary>
    /// The answers of the first epoch, by position of the question in the set; questions without one are
    /// <see cref="AnswerFacts.NotRun"/>.
    /// </summary>
    public required ImmutableArray<AnswerFacts> Answers { get; init; }

    /// <summary>The answers of the epochs after the first, in order; empty when everything was asked once.</summary>
    public ImmutableArray<EpochAnswers> LaterEpochs { get; init; } = [];

    /// <summary>
    /// Answers of the epochs after the first whose replies are damaged: they count as not run. Positions of cases are their ordinals.
    /// </summary>
    public ImmutableArray<EpochOutcome> LaterDamage { get; init; } = [];

    /// <summary>By position of the case: whether the model's results include it (a run with a limit leaves cases out).</summary>
    public required ImmutableArray<bool> Covers { get; init; }

    /// <summary>
    /// The addresses of the servers that answered the first epoch, with the number of answers of each, most first; as far as recorded.
    /// </summary>
    public IReadOnlyList<(string Endpoint, int Answers)> Endpoints => field ??=
    [
        .. Answers.Where(answer => answer is { HasReply: true, Endpoint: not null }).CountBy(answer => answer.Endpoint!)
            .OrderByDescending(each => each.Value).ThenBy(each => each.Key, StringComparer.Ordinal).Select(each => (each.Key, each.Value)),
    ];

    /// <summary>Which addresses answered how much, where there is more than one; null otherwise.</summary>
    public string? EndpointsText => Endpoints.Count < 2 ? null
        : string.Join(", ", Endpoints.Take(MostEndpoints)
            .Select(each => string.Create(CultureInfo.InvariantCulture, $"{each.Endpoint} ({each.Answers:N0} answers)")))
            + (Endpoints.Count > MostEndpoints
                ? string.Create(CultureInfo.InvariantCulture, $" and {Endpoints.Count - MostEndpoints} more") : "");

    /// <summary>Number of correct questions of a case.</summary>
    public int CorrectIn(CaseFacts @case)
    {
        var correct = 0;
        for (var i = 0; i < @case.Questions.Length; i++)
            if (Answers[@case.FirstQuestion + i].IsCorrect) correct++;
        return correct;
    }

    /// <summary>Number of questions of a case to which there is no reply.</summary>
    public int WithoutReplyIn(CaseFacts @case)
    {
        var missing = 0;
        for (var i = 0; i < @case.Questions.Length; i++)
            if (!Answers[@case.FirstQuestion + i].HasReply) missing++;
        return missing;
    }

    /// <summary>True when every question of the case is correct.</summary>
    public bool IsCaseCorrect(CaseFacts @case) => @case.Questions.Length > 0 && CorrectIn(@case) == @case.Questions.Length;
}
