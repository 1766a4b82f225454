using LiveClin.Core.Answers;
using LiveClin.Core.Formats;

namespace LiveClin.Stats.ResultSets;

/// <summary>Loads a set from a core folder.</summary>
public static class CoreFolderSource
{
    /// <summary>Reads every case file. Unlike the published statistics, a case in which one model failed stays for the others.</summary>
    /// <exception cref="ResultFileException">There is no such folder.</exception>
    public static ResultSet Load(string folder, CancellationToken cancellationToken)
    {
        var builder = new ResultSetBuilder(Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar)));
        var models = new Dictionary<string, ResultSetBuilder.Draft>(StringComparer.Ordinal);
        foreach (var read in CoreFolder.ReadCases(folder, cancellationToken))
        {
            if (read.Case is not { } file)
            {
                builder.Note($"Left out: {read.Error!.Message}");
                continue;
            }

            if (file.Questions.Length == 0) continue;
            var @case = builder.AddCase(CaseReading.FromCore(file));
            if (@case.FileName != file.FileName)
            {
                builder.Note($"Left out: {file.FileName} holds the same case as {@case.FileName}.");
                continue;
            }

            foreach (var (index, question) in file.Questions.Index())
                foreach (var entry in question.Entries)
                {
                    if (!models.TryGetValue(entry.ModelId, out var model))
                    {
                        models[entry.ModelId] = model = builder.AddModel(entry.ModelId);
                        model.ApiId = entry.ModelId;
                    }

                    model.Cover(@case)[index] = AnswerReading.FromFile(entry.Response, entry.ExtractedAnswer, entry.IsCorrect, entry.ApiError,
                        @case.Questions[index], ExtractionProtocol.Core);
                }
        }

        return builder.Build();
    }
}
