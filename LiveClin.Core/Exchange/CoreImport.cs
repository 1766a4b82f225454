using System.Collections.Immutable;
using System.Text;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Formats;
using LiveClin.Core.Releases;

namespace LiveClin.Core.Exchange;

/// <summary>Reads the published core tools' folder: every model in it becomes a run.</summary>
public static class CoreImport
{
    /// <summary>Reads a folder of evaluated case files.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="known">Releases that the results may have been made on.</param>
    /// <param name="cancellationToken">Gives up reading.</param>
    /// <exception cref="ResultFileException">There is no such folder, or nothing in it can be read.</exception>
    public static ImportedResults Read(string folder, IEnumerable<Release> known, CancellationToken cancellationToken)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var files = new List<(CoreCaseFile File, Case Case)>();
        var warnings = ImmutableArray.CreateBuilder<string>();
        var empty = 0;
        foreach (var result in CoreFolder.ReadCases(folder, cancellationToken))
        {
            if (result.Case is not { } file) warnings.Add(result.Error!.Message);
            // As published: a case without questions does not count.
            else if (file.Questions.IsEmpty) empty++;
            else if (ReadCase(folder, file, files.Count, warnings) is { } @case) files.Add((file, @case));
        }

        if (files.Count == 0) throw new ResultFileException(folder, "", WhyNone(warnings, empty));
        var cases = files.Select(pair => pair.Case).ToImmutableArray();
        var match = ReleaseMatch.Find(known, cases, @case => @case.FileName, ReleaseMatch.SameTexts);
        var written = CoreFolder.CaseFiles(folder).Max(File.GetLastWriteTimeUtc);
        return new ImportedResults
        {
            Release = match?.Release ?? ImportedRelease.Create(Path.GetFileName(folder), folder, cases),
            IsKnownRelease = match is not null,
            Models = ReadModels(files.Select(pair => pair.File).ToList(), match?.Ordinals, written),
            Warnings = warnings.ToImmutable(),
        };
    }

    private static string WhyNone(ImmutableArray<string>.Builder warnings, int empty) =>
        warnings.Count > 0 ? $"no case file can be read; the first says: {warnings[0]}"
        : empty > 0 ? $"{(empty == 1 ? "its one JSON file is no case file: it has" : $"none of its {empty} JSON files is a case file: they have")} "
            + $"no questions (exam_creation.final_policy.mcqs), and {(empty == 1 ? "is no v1 results file" : "are no v1 results files")}"
        : "there are no case files (*.json) in it";

    private static ImmutableArray<ImportedModel> ReadModels(List<CoreCaseFile> files, int[]? ordinals, DateTimeOffset written)
    {
        var answers = new Dictionary<string, ImmutableArray<Results.Answer>.Builder>(StringComparer.Ordinal);
        var order = new List<string>();
        for (var i = 0; i < files.Count; i++)
        {
            for (var question = 0; question < files[i].Questions.Length; question++)
            {
                // A run has one answer per question: of several entries of a model the last counts.
                foreach (var entry in files[i].Questions[question].Entries.GroupBy(entry => entry.ModelId, StringComparer.Ordinal)
                    .Select(group => group.Last()))
                {
                    if (!answers.TryGetValue(entry.ModelId, out var list))
                    {
                        answers.Add(entry.ModelId, list = ImmutableArray.CreateBuilder<Results.Answer>());
                        order.Add(entry.ModelId);
                    }

                    var record = new PublishedRecord(entry.Response, entry.ExtractedAnswer, entry.IsCorrect, entry.ApiError);
                    list.Add(record.ToAnswer(ordinals?[i] ?? i, question, written, ExtractionProtocol.Core));
                }
            }
        }

        return
        [
            .. order.Select(model => new ImportedModel
            {
                Model = model,
                Program = "LiveClin core tools",
                StartedAt = written,
                FinishedAt = written,
                Answers = [.. answers[model].OrderBy(answer => (answer.CaseOrdinal, answer.QuestionIndex))],
            }),
        ];
    }

    private static Case? ReadCase(string folder, CoreCaseFile file, int ordinal, ImmutableArray<string>.Builder warnings)
    {
        var json = CoreFolder.ReadReleaseLine(Path.Combine(folder, file.FileName));
        var problems = new ProblemList(file.FileName);
        if (new CaseParser(problems).Parse(Encoding.UTF8.GetBytes(json), ordinal + 1, ordinal) is { } @case) return @case with
        {
            FileName = file.FileName,
        };
        try { problems.ThrowIfAny(); }
        catch (ReleaseException error) { warnings.Add($"{file.FileName} is left out: {error.Message}"); }
        return null;
    }
}
