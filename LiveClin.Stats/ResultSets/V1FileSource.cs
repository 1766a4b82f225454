using LiveClin.Core.Answers;
using LiveClin.Core.Formats;

namespace LiveClin.Stats.ResultSets;

/// <summary>Loads a set from results files of the v1 package, one model a file.</summary>
public static class V1FileSource
{
    /// <summary>Reads the files and lays their cases over each other by identifier.</summary>
    /// <exception cref="ResultFileException">A file is broken.</exception>
    public static ResultSet Load(IEnumerable<string> files) => Combine([.. files.Select(V1ResultsFile.Read)]);

    /// <summary>Lays results over each other by the cases' identifiers.</summary>
    public static ResultSet Combine(IReadOnlyList<V1Results> results)
    {
        var builder = new ResultSetBuilder(string.Join(", ", results.Select(r => r.Meta.Dataset).Distinct()));
        foreach (var file in results)
        {
            var model = builder.AddModel(file.Meta.Model);
            model.ApiId = file.Meta.Model;
            model.IsComplete = file.Meta.FinishedAt is not null;
            foreach (var (position, @case) in file.Cases.Index())
            {
                var id = IdOf(@case, position);
                var placed = builder.AddCase(CaseReading.FromV1(@case, id));
                if (placed.Questions.Length != @case.Mcqs.Length)
                {
                    builder.Note($"{file.Meta.Model}: case {id} has {@case.Mcqs.Length} questions, elsewhere {placed.Questions.Length}; left out for this model.");
                    continue;
                }

                var answers = model.Cover(placed);
                foreach (var (index, mcq) in @case.Mcqs.Index())
                    answers[index] = AnswerReading.FromFile(mcq.Response, mcq.ExtractedAnswer, mcq.IsCorrect, mcq.Error,
                        placed.Questions[index], ExtractionProtocol.V1);
            }
        }

        return builder.Build();
    }

    /// <summary>What a case of a file is called in a set.</summary>
    internal static string IdOf(V1Case @case, int position) =>
        @case.CaseId.Length > 0 ? @case.CaseId : @case.Doi is { Length: > 0 } doi ? doi : $"LINE_{position}";
}
