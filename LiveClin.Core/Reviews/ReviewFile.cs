using System.Globalization;
using CsvHelper;
using LiveClin.Core.Tables;

namespace LiveClin.Core.Reviews;

/// <summary>
/// Verdicts as CSV, both ways: case (its identifier), question (from 0), holds (yes or no), by, date and, where it is not
/// none-of-the-above, topic.
/// Sample: <c>90000001,2,yes,"Doe, J.",2026-11-29,none-of-the-above</c>.
/// </summary>
public static class ReviewFile
{
    private static readonly string[] Columns = ["case", "question", "holds", "by", "date", "topic"];
    private static readonly string[] Yes = ["yes", "true", "1"], No = ["no", "false", "0"];

    /// <summary>Reads a file against the release that it is about; the columns may stand in any order, topic may be absent.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <param name="questions">Number of questions by the case's identifier, and its position.</param>
    /// <exception cref="InvalidDataException">Something is wrong; names every line that is, ten at most.</exception>
    public static IReadOnlyList<Verdict> Read(Stream stream, string name,
        IReadOnlyDictionary<string, (int Ordinal, int Questions)> questions)
    {
        var (verdicts, failures) = (new List<Verdict>(), new List<string>());
        try
        {
            using var csv = CsvReader.Create(stream, CsvReaderOptions.Default with { SkipEmptyLines = true }, leaveOpen: true);
            csv.ReadHeader();
            var places = Columns.Select(column => csv.TryGetFieldIndex(column, out var place) ? place : -1).ToArray();
            if (places[..5].Contains(-1))
                throw new InvalidDataException(
                    $"{name}:1: the columns must be {string.Join(", ", Columns[..5])} and, if wanted, {Columns[5]}.");
            for (var row = 2; csv.Read(); row++)
            {
                string[] fields = [.. places.Select(place => place < 0 || place >= csv.FieldCount ? "" : csv.GetString(place).Trim())];
                if (Parse(fields, questions, out var verdict) is { } failure) failures.Add($"{name}, record {row}: {failure}");
                else verdicts.Add(verdict!);
            }
        }
        catch (Exception error) when (error is CsvFormatException or CsvValidationException)
        {
            throw new InvalidDataException($"{name} is no CSV file: {error.Message}", error);
        }

        if (failures.Count > 0)
        {
            var more = failures.Count > 10 ? $"\nand {failures.Count - 10} more" : "";
            throw new InvalidDataException(string.Join('\n', failures.Take(10)) + more);
        }

        return verdicts;
    }

    /// <summary>Writes verdicts.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="verdicts">The verdicts.</param>
    /// <param name="caseIds">Identifiers of the release's cases, by position.</param>
    public static void Write(Stream stream, IEnumerable<Verdict> verdicts, IReadOnlyList<string> caseIds)
    {
        using var csv = new CsvTableWriter(stream, [.. Columns.Select(column => (column, ColumnKind.Text))], isForSpreadsheet: false);
        foreach (var verdict in verdicts)
        {
            csv.Write(
            [
                caseIds[verdict.CaseOrdinal], verdict.QuestionIndex.ToString(CultureInfo.InvariantCulture), verdict.Holds ? "yes" : "no",
                verdict.By,
                verdict.At.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), verdict.Topic.Name(),
            ]);
        }
    }

    private static string? Parse(string[] fields, IReadOnlyDictionary<string, (int Ordinal, int Questions)> questions, out Verdict? verdict)
    {
        verdict = null;
        if (!questions.TryGetValue(fields[0], out var place)) return $"the release has no case '{fields[0]}'.";
        if (!int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var question) || question >= place.Questions)
            return $"question '{fields[1]}' is none of case {fields[0]}: it has 0 to {place.Questions - 1}.";
        var holds = Yes.Contains(fields[2], StringComparer.OrdinalIgnoreCase);
        if (!holds && !No.Contains(fields[2], StringComparer.OrdinalIgnoreCase)) return $"holds is '{fields[2]}'; yes or no was expected.";
        if (!Verdict.IsName(fields[3])) return $"by must be a name of at most {Verdict.LongestName} characters.";
        if (!DateTimeOffset.TryParse(fields[4], CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date))
            return $"date is '{fields[4]}'; a date such as 2026-11-29 was expected.";
        if (fields[5].Length > 0 && ReviewTopics.Find(fields[5]) is null)
            return $"topic is '{fields[5]}'; there are: {string.Join(", ", ReviewTopics.Names)}.";
        verdict = new Verdict(ReviewTopics.Find(fields[5]) ?? ReviewTopics.Default, place.Ordinal, question, holds, fields[3], date);
        return null;
    }
}
