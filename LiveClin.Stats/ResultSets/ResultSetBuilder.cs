using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LiveClin.Core.Results;
using LiveClin.Core.Text;

namespace LiveClin.Stats.ResultSets;

/// <summary>Puts a set together: cases first come, first placed; models with the cases they cover.</summary>
internal sealed class ResultSetBuilder(string release, string? releaseSha256 = null)
{
    private readonly List<CaseFacts> _cases = [];
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);
    private readonly List<Draft> _models = [];
    private readonly List<ModelResults> _finished = [];
    private readonly List<string> _notes = [];
    private int _questions;

    /// <summary>Begins with cases that are placed already.</summary>
    public ResultSetBuilder(string release, string? releaseSha256, ImmutableArray<CaseFacts> placed) : this(release, releaseSha256) =>
        _cases.AddRange(placed);

    /// <summary>Puts cases in their places, one after the other.</summary>
    public static ImmutableArray<CaseFacts> Place(IEnumerable<CaseFacts> cases)
    {
        var placed = ImmutableArray.CreateBuilder<CaseFacts>();
        var questions = 0;
        foreach (var @case in cases)
        {
            placed.Add(@case with { Index = placed.Count, FirstQuestion = questions });
            questions += @case.Questions.Length;
        }

        return placed.DrainToImmutable();
    }

    /// <summary>Adds a case unless one of this identifier is there; returns it as it stands in the set.</summary>
    public CaseFacts AddCase(CaseFacts @case)
    {
        if (_byId.TryGetValue(@case.Id, out var known)) return _cases[known];
        var placed = @case with { Index = _cases.Count, FirstQuestion = _questions };
        _byId[@case.Id] = placed.Index;
        _cases.Add(placed);
        _questions += @case.Questions.Length;
        return placed;
    }

    public Draft AddModel(string name)
    {
        var draft = new Draft(Unique(name), name);
        _models.Add(draft);
        return draft;
    }

    /// <summary>Adds a model whose answers are laid out over the same cases already.</summary>
    public void AddModel(ModelResults model) => _finished.Add(Unique(model.Model) is var name && name == model.Model ? model : model with
    {
        Model = name,
        SourceName = model.Model,
    });

    public void Note(string text) => _notes.Add(text);

    public ResultSet Build()
    {
        ImmutableArray<CaseFacts> cases = [.. _cases];
        ImmutableArray<ModelResults> models = [.. _models.Select(m => m.Finish(cases)), .. _finished];
        var covered = models.Select(m => m.Covers.Count(c => c)).ToList();
        if (covered.Distinct().Count() > 1)
            Note($"The models do not cover the same cases ({covered.Min()} to {covered.Max()} of {cases.Length}); comparisons use the cases that the compared models share.");
        List<StoreDamage> damaged =
        [
            .. cases.Where(clinicalCase => clinicalCase.IsDamaged).Select(clinicalCase => new StoreDamage("", clinicalCase.Id, null, null)),
            .. from model in models
               from clinicalCase in cases
               from question in Enumerable.Range(0, clinicalCase.Questions.Length)
               let column = model.Answers[clinicalCase.FirstQuestion + question].DamagedColumn
               where column is not null
               select new StoreDamage(model.RunId ?? model.Model, clinicalCase.Id, question + 1, 1, column),
            .. from model in models
               from answer in model.LaterDamage
               where answer.CaseOrdinal < cases.Length
               select new StoreDamage(
                   model.RunId ?? model.Model, cases[answer.CaseOrdinal].Id, answer.QuestionIndex + 1, answer.Epoch, answer.DamagedColumn),
        ];
        foreach (var model in models)
            if (model.EndpointsText is { } endpoints) Note($"{model.Model} was asked at more than one address: {endpoints}.");
        if (StoreDamage.SummarizeCases(damaged) is { } lost) Note(lost);
        if (StoreDamage.SummarizeReplies(damaged) is { } summary) Note(summary);
        return new ResultSet(release, releaseSha256, cases, models, [.. _notes]) { Damaged = [.. damaged] };
    }

    // Names come from outside. Two runs of one model may stand side by side; their names must differ.
    private string Unique(string given)
    {
        var name = TextRun.Name(given);
        var unique = name;
        for (var n = 2; _models.Exists(m => m.Name == unique) || _finished.Exists(m => m.Model == unique); n++) unique = $"{name} ({n})";
        return unique;
    }

    /// <summary>A model in the making.</summary>
    internal sealed class Draft(string name, string given)
    {
        public string Name => name;

        /// <summary>The name that the source gives it; as it was given unless set.</summary>
        public string SourceName { get; set; } = given;

        public string? ApiId { get; set; }

        public bool IsComplete { get; set; } = true;

        public bool IsPartial { get; set; }

        public ConditionFacts? Asked { get; set; }

        public string Condition { get; set; } = Core.Conditions.Condition.PublishedName;

        public string? RunId { get; set; }

        /// <summary>Outcomes of epochs after the first; positions of cases are their ordinals.</summary>
        public IReadOnlyList<EpochOutcome> LaterEpochs { get; set; } = [];

        /// <summary>Answers by position of the case; one per question.</summary>
        public Dictionary<int, AnswerFacts[]> Answers { get; } = [];

        public AnswerFacts[] Cover(CaseFacts @case)
        {
            if (Answers.TryGetValue(@case.Index, out var known)) return known;
            var answers = new AnswerFacts[@case.Questions.Length];
            Array.Fill(answers, AnswerFacts.NotRun);
            return Answers[@case.Index] = answers;
        }

        /// <summary>Lays the answers out over the set's cases.</summary>
        public ModelResults Finish(ImmutableArray<CaseFacts> cases)
        {
            var all = new AnswerFacts[cases.Length > 0 ? cases[^1].FirstQuestion + cases[^1].Questions.Length : 0];
            Array.Fill(all, AnswerFacts.NotRun);
            var covers = new bool[cases.Length];
            foreach (var (index, answers) in Answers)
            {
                covers[index] = true;
                answers.CopyTo(all, cases[index].FirstQuestion);
            }

            return new ModelResults
            {
                Model = name, SourceName = SourceName, RunId = RunId, ApiId = ApiId, Condition = Condition, Asked = Asked,
                IsComplete = IsComplete, IsPartial = IsPartial,
                LaterEpochs = EpochAnswers.Lay(LaterEpochs, cases, []), LaterDamage = [.. LaterEpochs.Where(answer => answer.IsDamaged)],
                Answers = ImmutableCollectionsMarshal.AsImmutableArray(all), Covers = ImmutableCollectionsMarshal.AsImmutableArray(covers),
            };
        }
    }
}
