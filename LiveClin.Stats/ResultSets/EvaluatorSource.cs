using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using LiveClin.Core.Answers;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Evaluator.V1;
using LiveClin.ServiceDefaults.Rpc;
using Verdict = LiveClin.Core.Reviews.Verdict;

namespace LiveClin.Stats.ResultSets;

/// <summary>Reads cases and answers from a running evaluator through its contract.</summary>
internal sealed class EvaluatorSource(EvaluatorService.EvaluatorServiceClient evaluator)
{
    /// <summary>What an evaluator's refusal of this service's token means.</summary>
    public const string TokenRefused = "The evaluator does not accept this service's token. Give both the same LiveClin:Access:Token, or "
        + "leave it out here: then the one beside the evaluator's store is used (LiveClin:Store says where).";

    private const int PageSize = 1000;
    private readonly SharedCall<RunList> _runs = new(() => ListRunsAsync(evaluator));

    /// <summary>The runs that a selection means; see <see cref="RunSelector"/>.</summary>
    /// <exception cref="RequestException">There is nothing of the kind.</exception>
    /// <exception cref="RpcException">The evaluator cannot be reached.</exception>
    public async Task<EvaluatorSelection> SelectAsync(RunSelection selection, CancellationToken cancellationToken)
    {
        var (all, damaged) = await _runs.GetAsync(cancellationToken);
        var byId = all.ToDictionary(run => run.Id);
        var selected = RunSelector.Select([.. all.Select(RunReading.ToCandidate)], selection);
        return new EvaluatorSelection(
            [.. selected.Runs.Select(run => new EvaluatorRun(byId[run.Candidate.Run.Id], run.Label, run.Candidate.IsPartial))],
            damaged.Count == 0 ? selected.Note : $"{selected.Note} {RunList.Note(damaged)}".TrimStart(), all);
    }

    /// <summary>The cases of a release, in their places; their positions are their ordinals.</summary>
    public async Task<ImmutableArray<CaseFacts>> LoadCasesAsync(string release, CancellationToken cancellationToken)
    {
        var cases = new List<CaseFacts>();
        using var call = evaluator.ListCases(new ListCasesRequest { Release = release }, cancellationToken: cancellationToken);
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancellationToken)) cases.Add(ToFacts(response.Case));
        return ResultSetBuilder.Place(cases);
    }

    /// <summary>A run's answers to the cases.</summary>
    /// <param name="selected">The run.</param>
    /// <param name="cases">All cases of its release.</param>
    /// <param name="before">What was read of it before; null to read everything.</param>
    /// <param name="since">Only what was answered since then is read anew.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RunAnswers> LoadAnswersAsync(EvaluatorRun selected, ImmutableArray<CaseFacts> cases, RunAnswers? before,
        DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var run = selected.Run;
        var asked = await ListCasesAsync(run, cases.Length, cancellationToken);
        var answers = before is not null
            ? before.Model.Answers.ToArray() : Enumerable.Repeat(AnswerFacts.NotRun, cases.Sum(c => c.Questions.Length)).ToArray();
        var later = new List<EpochOutcome>();
        var newest = before?.Newest;
        var request = new StreamAnswersRequest { RunIds = { run.Id } };
        if (since is { } from) request.CompletedSince = from.ToTimestamp();
        using var call = evaluator.StreamAnswers(request, cancellationToken: cancellationToken);
        await foreach (var batch in call.ResponseStream.ReadAllAsync(cancellationToken))
        {
            foreach (var answer in batch.Answers)
            {
                if (!asked.ContainsKey(answer.CaseOrdinal) || answer.QuestionIndex >= cases[answer.CaseOrdinal].Questions.Length) continue;
                var clinicalCase = cases[answer.CaseOrdinal];
                if (answer.Epoch > 1)
                {
                    later.Add(ToOutcome(answer));
                    continue;
                }

                answers[clinicalCase.FirstQuestion + answer.QuestionIndex] = AnswerReading.FromStore(
                    ToAnswer(answer), clinicalCase.Questions[answer.QuestionIndex],
                    RunReading.LettersOf(asked[answer.CaseOrdinal], answer.QuestionIndex));
                if (answer.CompletedAt?.ToDateTimeOffset() is { } at && !(at <= newest)) newest = at;
            }
        }

        var model = new ModelResults
        {
            Model = selected.Label,
            SourceName = run.Model,
            RunId = run.Id,
            ApiId = run.ApiId,
            IsComplete = run.Status is Evaluator.V1.RunStatus.Completed or Evaluator.V1.RunStatus.EndedWithFailures,
            IsPartial = selected.IsPartial,
            LaterEpochs = EpochAnswers.Lay(later, cases, before?.Model.LaterEpochs ?? []),
            LaterDamage = [.. (before?.Model.LaterDamage ?? []).Union(later.Where(answer => answer.IsDamaged))],
            Condition = RunReading.ToRunInfo(run).Specification.Condition,
            Asked = run.Condition is "" or Condition.PublishedName ? null : ConditionFacts.Of(cases, asked.Values),
            Answers = ImmutableCollectionsMarshal.AsImmutableArray(answers), Covers = [.. cases.Select(c => asked.ContainsKey(c.Index))],
        };
        return new RunAnswers(model, newest);
    }

    // A published run without a sample or shard asks the first cases, and each as it stands.
    private async Task<Dictionary<int, Core.Results.RunCase>> ListCasesAsync(Run run, int count, CancellationToken cancellationToken)
    {
        if (run.Condition is "" or Condition.PublishedName && !RunTarget.IsScatteredText(run.Target))
            return Enumerable.Range(0, Math.Min(count, run.HasLimit ? run.Limit : count))
                .ToDictionary(ordinal => ordinal, ordinal => new Core.Results.RunCase(ordinal, "", []));
        var response = await evaluator.ListRunCasesAsync(new ListRunCasesRequest { RunId = run.Id }, cancellationToken: cancellationToken);
        return response.Cases.Where(asked => asked.CaseOrdinal < count).Select(RunReading.ToRunCase).ToDictionary(asked => asked.Ordinal);
    }

    /// <summary>
    /// A run under a condition, laid out over the cases of the set that holds its published results; no texts are fetched.
    /// </summary>
    public async Task<ModelResults> LoadConditionAsync(RunInfo run, ImmutableArray<CaseFacts> cases, CancellationToken cancellationToken)
    {
        var asking = evaluator.ListRunCasesAsync(new ListRunCasesRequest { RunId = run.Id }, cancellationToken: cancellationToken)
            .ResponseAsync;
        var request = new GetOutcomesRequest { RunId = run.Id, WithLaterEpochs = run.Target.Epochs > 1 };
        var became = await evaluator.GetOutcomesAsync(request, cancellationToken: cancellationToken);
        var asked = (await asking).Cases.Select(RunReading.ToRunCase);
        var outcomes = became.CaseOrdinals.Select((ordinal, i) => new StoredOutcome(
            ordinal, became.QuestionIndices[i], ToOutcome(became.Outcomes[i]), became.Letters[i] == '-'
                ? null : became.Letters[i].ToString(), became.Replied[i]));
        return ConditionLayout.Of(cases, run, asked, outcomes, became.LaterEpochs.SelectMany(epoch => epoch.CaseOrdinals.Select(
            (ordinal, i) => new EpochOutcome(epoch.Epoch, ordinal, epoch.QuestionIndices[i], ToOutcome(epoch.Outcomes[i])))));
    }

    /// <summary>What reviewers say of a release's questions.</summary>
    public async Task<IReadOnlyList<Verdict>> LoadVerdictsAsync(string releaseSha256, CancellationToken cancellationToken)
    {
        var response = await evaluator.ListVerdictsAsync(new ListVerdictsRequest { ReleaseSha256 = releaseSha256 },
            cancellationToken: cancellationToken);
        return
        [
            .. from each in response.Verdicts
               let topic = EnumByName<Core.Reviews.ReviewTopic>.Find(each.Topic)
               where topic is not null // of a newer evaluator
               select new Verdict(topic.Value, each.CaseOrdinal, each.QuestionIndex, each.Holds, each.By, each.At.ToDateTimeOffset()),
        ];
    }

    /// <summary>Where a release lies; null where the evaluator does not know it any more.</summary>
    public async Task<ReleaseInfo?> FindReleaseAsync(string sha256, CancellationToken cancellationToken) =>
        (await evaluator.ListReleasesAsync(new ListReleasesRequest(), cancellationToken: cancellationToken))
            .Releases.FirstOrDefault(release => release.Sha256 == sha256);

    /// <summary>A case with its texts, and every run's answers to it, replies included.</summary>
    public async Task<(CaseDetail Case, IReadOnlyList<Evaluator.V1.Answer> Answers)> LoadCaseAsync(
        string release, string caseId, IEnumerable<string> runIds, CancellationToken cancellationToken)
    {
        var detail = (await evaluator.GetCaseAsync(new GetCaseRequest { Release = release, CaseId = caseId },
            cancellationToken: cancellationToken)).Case;
        var answers = new List<Evaluator.V1.Answer>();
        using var call = evaluator.StreamAnswers(new StreamAnswersRequest { RunIds = { runIds },
            CaseOrdinals = { detail.Summary.Ordinal } }, cancellationToken: cancellationToken);
        await foreach (var batch in call.ResponseStream.ReadAllAsync(cancellationToken)) answers.AddRange(batch.Answers);
        return (detail, answers);
    }

    /// <summary>All runs, newest first.</summary>
    public Task<RunList> ListRunsAsync(CancellationToken cancellationToken) => _runs.GetAsync(cancellationToken);

    private static async Task<RunList> ListRunsAsync(EvaluatorService.EvaluatorServiceClient evaluator)
    {
        var list = new RunList([], []);
        var request = new ListRunsRequest { PageSize = PageSize };
        do
        {
            var page = await evaluator.ListRunsAsync(request);
            list.Runs.AddRange(page.Runs);
            list.Damaged.AddRange(page.Damaged);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return list;
    }

    // An outcome or rule that this version does not know says nothing here.
    private static Core.Results.Answer ToAnswer(Evaluator.V1.Answer answer) => new()
    {
        CaseOrdinal = answer.CaseOrdinal,
        QuestionIndex = answer.QuestionIndex,
        Outcome = ToOutcome(answer.Outcome),
        Letter = answer.HasLetter ? answer.Letter : null,
        Rule = EnumByName<Core.Answers.ExtractionRule>.Find(answer.Rule) ?? Core.Answers.ExtractionRule.None,
        Reply = answer.HasReply ? answer.Reply : null,
        ErrorKind = answer.HasErrorKind ? answer.ErrorKind : null,
        Usage = answer.Usage is { } usage
            ? new Core.Results.TokenUsage(
                usage.HasInput ? usage.Input : null, usage.HasCachedInput ? usage.CachedInput : null,
                usage.HasOutput ? usage.Output : null, usage.HasReasoning ? usage.Reasoning : null)
            : Core.Results.TokenUsage.Unknown,
        LatencyMs = answer.LatencyMs,
        Attempts = answer.Attempts,
        Endpoint = answer.HasEndpoint ? answer.Endpoint : null,
        DamagedColumn = ColumnOf(answer),
    };

    private static EpochOutcome ToOutcome(Evaluator.V1.Answer answer) => new(
        answer.Epoch, answer.CaseOrdinal, answer.QuestionIndex,
        answer.Damaged ? Core.Answers.Outcome.NotRun : ToOutcome(answer.Outcome), ColumnOf(answer));

    // An older evaluator looks at replies alone.
    private static string? ColumnOf(Evaluator.V1.Answer answer) =>
        answer.HasDamagedColumn ? answer.DamagedColumn : answer.Damaged ? StoreDamage.Reply : null;

    // One that only a newer evaluator knows says nothing here.
    private static Core.Answers.Outcome ToOutcome(Evaluator.V1.Outcome outcome) =>
        EnumByName<Core.Answers.Outcome>.Find(outcome) ?? Core.Answers.Outcome.NotRun;

    private static CaseFacts ToFacts(CaseSummary @case) => new()
    {
        Id = @case.Id,
        FileName = @case.FileName,
        Title = @case.HasTitle ? @case.Title : null,
        Chapter = @case.HasChapter ? @case.Chapter : null,
        Subcategory = @case.HasSubcategory ? @case.Subcategory : null,
        Rarity = @case.HasRarity ? @case.Rarity : null,
        IsDamaged = @case.Damaged,
        Questions = [.. @case.Questions.Select(question => new QuestionFacts
        {
            Index = question.Index,
            Stage = question.HasStage ? question.Stage : null,
            Key = question.Key,
            Letters = [.. question.Letters],
            OptionLengths = [.. question.OptionLengths],
            FloorLetters = question.FloorLetters.ToImmutableDictionary(StringComparer.Ordinal),
            SameText = question.SameText.ToImmutableDictionary(StringComparer.Ordinal),
            ImageTypes = [.. question.Index == 0 ? @case.ImageTypes : [], .. question.ImageTypes],
            TableTypes = [.. question.Index == 0 ? @case.TableTypes : [], .. question.TableTypes],
        })],
    };
}

/// <summary>What the evaluator's store has of runs.</summary>
/// <param name="Runs">The runs, newest first.</param>
/// <param name="Damaged">Those that cannot be read any more, one sentence each.</param>
internal sealed record RunList(List<Run> Runs, List<string> Damaged)
{
    private const int MostNamed = 5;

    /// <summary>Damaged runs in a few sentences.</summary>
    public static string Note(IReadOnlyCollection<string> damaged) =>
        $"Damaged in the store: {string.Join(". ", damaged.Take(MostNamed))}"
        + $"{(damaged.Count > MostNamed ? $"; and {damaged.Count - MostNamed} more" : "")}.";
}

/// <summary>A run that was chosen, as the evaluator has it.</summary>
/// <param name="Run">The run.</param>
/// <param name="Label">What it is called beside the others.</param>
/// <param name="IsPartial">True when it covers only a part of its release.</param>
internal sealed record EvaluatorRun(Run Run, string Label, bool IsPartial);

/// <summary>What a selection means.</summary>
/// <param name="Runs">The runs that were chosen.</param>
/// <param name="Note">What the reader should know of the choice; null for nothing.</param>
/// <param name="All">Every run that the evaluator has, newest first.</param>
internal sealed record EvaluatorSelection(IReadOnlyList<EvaluatorRun> Runs, string? Note, IReadOnlyList<Run> All);

/// <summary>A run's answers as the evaluator had them.</summary>
/// <param name="Model">The answers.</param>
/// <param name="Newest">When the newest of them was completed; null without answers.</param>
internal sealed record RunAnswers(ModelResults Model, DateTimeOffset? Newest);
