using System.Runtime.InteropServices;

namespace LiveClin.Stats.ResultSets;

/// <summary>Puts a set together: cases first come, first placed; models with the cases they cover.</summary>
internal sealed class ResultSetBuilder(string release, string? releaseSha256 = null)
{
    private readonly List<CaseFacts> _cases = [];
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);
    private readonly List<Draft> _models = [];
    private readonly List<string> _notes = [];
    private int _questions;

    /// <summary>Adds a case unless one of this identifier is there; returns it as it stands in the set.</summary>
    public CaseFacts AddCase(CaseFacts one)
    {
        if (_byId.TryGetValue(one.Id, out var known)) return _cases[known];
        var placed = one with { Index = _cases.Count, FirstQuestion = _questions };
        _byId[one.Id] = placed.Index;
        _cases.Add(placed);
        _questions += one.Questions.Length;
        return placed;
    }

    public Draft AddModel(string name)
    {
        // Two runs of one model may stand side by side; their names must differ.
        var unique = name;
        for (var n = 2; _models.Exists(m => m.Name == unique); n++) unique = $"{name} ({n})";
        var draft = new Draft(unique);
        _models.Add(draft);
        return draft;
    }

    public void Note(string text) => _notes.Add(text);

    public ResultSet Build()
    {
        var covered = _models.ConvertAll(m => m.Answers.Count);
        if (covered.Distinct().Count() > 1)
            Note($"The models do not cover the same cases ({covered.Min()} to {covered.Max()} of {_cases.Count}); comparisons use the cases that the compared models share.");
        return new ResultSet(release, releaseSha256, [.. _cases], [.. _models.Select(m => m.Finish(_cases, _questions))], [.. _notes]);
    }

    /// <summary>A model in the making.</summary>
    internal sealed class Draft(string name)
    {
        public string Name => name;

        public bool IsBaseline { get; set; }

        public bool IsComplete { get; set; } = true;

        public string? RunId { get; set; }

        /// <summary>Answers by position of the case; one per question.</summary>
        public Dictionary<int, AnswerFacts[]> Answers { get; } = [];

        public AnswerFacts[] Cover(CaseFacts one)
        {
            if (Answers.TryGetValue(one.Index, out var known)) return known;
            var answers = new AnswerFacts[one.Questions.Length];
            Array.Fill(answers, AnswerFacts.NotRun);
            return Answers[one.Index] = answers;
        }

        public ModelResults Finish(List<CaseFacts> cases, int questions)
        {
            var all = new AnswerFacts[questions];
            Array.Fill(all, AnswerFacts.NotRun);
            var covers = new bool[cases.Count];
            foreach (var (index, answers) in Answers)
            {
                covers[index] = true;
                answers.CopyTo(all, cases[index].FirstQuestion);
            }

            return new ModelResults
            {
                Model = name, RunId = RunId, IsBaseline = IsBaseline, IsComplete = IsComplete,
                Answers = ImmutableCollectionsMarshal.AsImmutableArray(all), Covers = ImmutableCollectionsMarshal.AsImmutableArray(covers),
            };
        }
    }
}
