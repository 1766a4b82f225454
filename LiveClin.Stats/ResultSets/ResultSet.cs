using System.Collections.Concurrent;
using System.Collections.Immutable;
using LiveClin.Core.Results;
using LiveClin.Core.Simulated;
using LiveClin.Core.Text;

namespace LiveClin.Stats.ResultSets;

/// <summary>
/// Cases × models → answers: what every statistic, report and page works on. Loaded from a result store (<see cref="StoreSource"/>), a core
/// folder (<see cref="CoreFolderSource"/>), v1 files (<see cref="V1FileSource"/>) or a running evaluator.
/// </summary>
public sealed class ResultSet
{
    // Choices of models are clicked together one by one; the last ones are likely to be wanted again.
    private const int KeptChoices = 24;
    private readonly ConcurrentDictionary<Type, Lazy<object>> _computed = [];
    private readonly ConcurrentDictionary<string, ResultSet> _choices = new(StringComparer.Ordinal);

    internal ResultSet(string release, string? releaseSha256, ImmutableArray<CaseFacts> cases, ImmutableArray<ModelResults> models,
        ImmutableArray<string> notes)
    {
        Release = release;
        ReleaseSha256 = releaseSha256;
        Cases = cases;
        Models = models;
        Notes = notes;
        QuestionCount = cases.Sum(c => c.Questions.Length);
    }

    /// <summary>Name of the release.</summary>
    public string Release { get; }

    /// <summary>SHA-256 of the release's JSONL file; null where the source does not know it.</summary>
    public string? ReleaseSha256 { get; }

    /// <summary>The cases, in the order of the release.</summary>
    public ImmutableArray<CaseFacts> Cases { get; }

    /// <summary>The models, in the order in which they were added.</summary>
    public ImmutableArray<ModelResults> Models { get; }

    /// <summary>What the reader of any number should know: files left out, models with fewer cases, older runs not used.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>
    /// What of the models' answers is damaged in the store and left out; the run of each is <see cref="ModelResults.RunId"/>.
    /// </summary>
    public ImmutableArray<StoreDamage> Damaged { get; init; } = [];

    /// <summary>The set that this is a choice of models from; null for one that was loaded.</summary>
    internal ResultSet? Whole { get; init; }

    /// <summary>Number of questions over all cases.</summary>
    public int QuestionCount { get; }

    /// <summary>
    /// Those whose answers count when questions and cases are judged: the models; where there are none, the simulated examinees. Floors
    /// never do.
    /// </summary>
    public IReadOnlyList<ModelResults> Counted => field ??= Models.Any(m => m.Kind == ModelKind.Model)
        ? [.. Models.Where(m => m.Kind == ModelKind.Model)]
        : [.. Models.Where(m => m.Kind == ModelKind.Simulated)];

    /// <summary>A model by name, as it is shown or as its source has it; null when there is none.</summary>
    public ModelResults? FindModel(string name) =>
        Models.FirstOrDefault(m => m.Model == name) ?? Models.FirstOrDefault(m => m.Model == TextRun.Name(name));

    /// <summary>
    /// The true ability of a simulated examinee; null for others, for one that is drawn anew each time, and where the source does not
    /// know the whole release.
    /// </summary>
    public ExamineeTruth? TruthOf(ModelResults model) =>
        ReleaseSha256 is not null && !Cases.Any(c => c.IsDamaged)
        && model.ApiId is { } apiId && Examinee.Find(apiId) is { IsDrawn: false } examinee
            ? examinee.TruthOn(Once(PaperOf))
            : null;

    /// <summary>The cases that all given models cover.</summary>
    public IReadOnlyList<CaseFacts> SharedCases(params IReadOnlyCollection<ModelResults> models) =>
        [.. Cases.Where(c => models.All(m => m.Covers[c.Index]))];

    /// <summary>The same set with some models only; the same choice gives the same set, with what was computed of it.</summary>
    public ResultSet WithModels(Func<ModelResults, bool> keep)
    {
        ImmutableArray<ModelResults> kept = [.. Models.Where(keep)];
        if (kept.Length == Models.Length) return this;
        if (_choices.Count >= KeptChoices) _choices.Clear();
        var whole = Whole ?? this;
        return _choices.GetOrAdd(string.Join('\n', kept.Select(m => m.Model)),
            _ => new ResultSet(Release, ReleaseSha256, Cases, kept, Notes) { Damaged = Damaged, Whole = whole });
    }

    /// <summary>
    /// What is computed of the set: a set never changes, so it is computed once for all who ask, when the first one does.
    /// </summary>
    internal T Once<T>(Func<ResultSet, T> compute) where T : notnull =>
        (T)_computed.GetOrAdd(typeof(T), _ => new Lazy<object>(() => compute(this))).Value;

    /// <summary>What <see cref="Once"/> has computed already; null when it has not.</summary>
    internal T? Computed<T>() where T : class =>
        _computed.TryGetValue(typeof(T), out var known) && known.IsValueCreated ? (T)known.Value : null;

    private static ExamPaper PaperOf(ResultSet set) => new(set.Cases.Select(clinicalCase => clinicalCase.Questions
        .Select(question => new ExamQuestion(
            Path.GetFileNameWithoutExtension(clinicalCase.FileName), question.Index, question.Key,
            [.. question.Letters.Select(letter => letter.ToUpperInvariant())]))
        .ToImmutableArray()));
}
