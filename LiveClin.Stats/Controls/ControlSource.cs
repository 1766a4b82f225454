using System.Collections.Immutable;
using LiveClin.Core.Conditions;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Core.Reviews;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Controls;

/// <summary>
/// The controls of the models of a set, from the store that the set came from. Of each model no more is held than what came of it.
/// </summary>
public sealed class ControlSource
{
    private readonly ResultStore _store;
    private readonly Dictionary<string, RunInfo> _runs;
    private readonly IReadOnlyDictionary<string, ImmutableArray<RunCandidate>> _conditioned;
    private readonly StoredRelease? _release;
    private readonly RecencyTable _recency;
    private readonly IReadOnlyList<Verdict> _verdicts;
    private readonly bool _canAsk;

    /// <param name="store">The store.</param>
    /// <param name="set">A set of it.</param>
    /// <param name="recency">What is known of dates.</param>
    /// <param name="canAsk">Whether more can be asked into this store, so that commands are given for what was not run.</param>
    public ControlSource(ResultStore store, ResultSet set, RecencyTable recency, bool canAsk = true)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(set);
        (_store, Set, _recency, _canAsk) = (store, set, recency, canAsk);
        var candidates = StoreSource.Candidates(store);
        _runs = candidates.ToDictionary(candidate => candidate.Run.Id, candidate => candidate.Run, StringComparer.Ordinal);
        _conditioned = RunSelector.Conditioned(candidates, set.Models.Select(model => model.RunId).OfType<string>(),
            ImmutableHashSet<string>.Empty);
        _release = set.ReleaseSha256 is { } sha256 ? store.FindRelease(sha256) : null;
        _verdicts = _release is null ? [] : store.GetVerdicts(_release.Sha256);
    }

    /// <summary>The set.</summary>
    public ResultSet Set { get; }

    /// <summary>Those of its models that were asked as published.</summary>
    public IEnumerable<ModelResults> Models => Set.Models.Where(model => model.RunId is { } run && _conditioned.ContainsKey(run));

    /// <summary>The published runs that a selection means, without the replies' texts.</summary>
    /// <exception cref="StoreException">The store cannot be read, or holds no such run.</exception>
    public static ControlSource Load(ResultStore store, RunSelection selection, RecencyTable recency, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        var runs = StoreSource.Checked(store, () => RunSelector.Select(StoreSource.Candidates(store), selection)).Runs;
        var set = StoreSource.Build(store, runs, note: null, cancellationToken, (model, run, _, cases) =>
        {
            if (run.Target.Epochs > 1) model.LaterEpochs = store.GetLaterEpochs(run.Id);
            foreach (var outcome in store.GetOutcomes(run.Id))
            {
                if (outcome.CaseOrdinal >= cases.Count || outcome.QuestionIndex >= cases[outcome.CaseOrdinal].Questions.Length) continue;
                model.Cover(cases[outcome.CaseOrdinal])[outcome.QuestionIndex] = new AnswerFacts(
                    outcome.Outcome, outcome.Letter is [var letter] ? letter : null, default, outcome.HasReply, null, null);
            }
        });
        return new ControlSource(store, set, recency);
    }

    /// <summary>What a model's score is made of.</summary>
    /// <param name="published">One of <see cref="Models"/>.</param>
    public ModelControls Of(ModelResults published)
    {
        ArgumentNullException.ThrowIfNull(published);
        var conditions = _conditioned[published.RunId!]
            .Select(run => ConditionLayout.Of(
                Set.Cases, run.Run, _store.CasesOf(run.Run), _store.GetOutcomes(run.Run.Id), run.Run.Target.Epochs > 1
                    ? _store.GetLaterEpochs(run.Run.Id) : []));
        var command = _canAsk ? new RunCommand(_runs[published.RunId!], _release?.JsonlPath, _release?.ImageRoot, _store.Path) : null;
        return ModelControls.Of(Set, published, conditions, command, _verdicts) with
        {
            Recency = _recency.Find(Set, published),
        };
    }

    /// <summary>What the scores of all models are made of.</summary>
    public ImmutableArray<ModelControls> All(CancellationToken cancellationToken)
    {
        var models = Models.ToList();
        var controls = new ModelControls[models.Count];
        var cores = new ParallelOptions
        {
            CancellationToken = cancellationToken,
            MaxDegreeOfParallelism = Cores.ForWork.MaxDegreeOfParallelism,
        };
        Parallel.For(0, models.Count, cores, i => controls[i] = Of(models[i]));
        return [.. controls];
    }

    /// <summary>The same in the order of the leaderboard.</summary>
    public ControlBoard Board(CancellationToken cancellationToken)
    {
        var controls = All(cancellationToken).ToDictionary(model => model.Model, StringComparer.Ordinal);
        var ordered = Leaderboard.Of(Set).Rows.Select(row => controls.GetValueOrDefault(row.Ledger.Model.Model)).OfType<ModelControls>();
        return new ControlBoard([.. ordered]) { Verdicts = _verdicts };
    }
}
