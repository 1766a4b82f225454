using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;

namespace LiveClin.Core.Exchange;

/// <summary>Reads the published v1 results file, which names the cases but does not hold their texts.</summary>
public static class V1Import
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="known">Releases that the results may have been made on.</param>
    /// <exception cref="ResultFileException">It is no such file.</exception>
    public static ImportedResults Read(string path, IEnumerable<Release> known)
    {
        path = Path.GetFullPath(path);
        var file = V1ResultsFile.Read(path);
        if (file.Cases.IsEmpty) throw new ResultFileException(path, "cases", "there are none");
        var cases = file.Cases.Select(ReadCase).ToImmutableArray();
        var match = ReleaseMatch.Find(known, cases, @case => @case.Id, ReleaseMatch.SameKeys);
        var written = new DateTimeOffset(File.GetLastWriteTimeUtc(path));
        var finished = Time(file.Meta.FinishedAt) ?? written;
        return new ImportedResults
        {
            Release = match?.Release ?? ImportedRelease.Create(file.Meta.Dataset, path, cases),
            IsKnownRelease = match is not null,
            Models =
            [
                new ImportedModel
                {
                    Model = file.Meta.Model,
                    Endpoint = file.Meta.ApiBase,
                    ImageMode = file.Meta.ImageMode,
                    Program = $"liveclin {file.Meta.LiveClinVersion ?? "1"}",
                    StartedAt = Time(file.Meta.StartedAt) ?? finished,
                    FinishedAt = finished,
                    Answers = ReadAnswers(file, match?.Ordinals, finished),
                },
            ],
        };
    }

    private static ImmutableArray<Answer> ReadAnswers(V1Results file, int[]? ordinals, DateTimeOffset finished) =>
    [
        .. file.Cases.SelectMany((@case, i) => @case.Mcqs.Select((mcq, question) =>
                new PublishedRecord(mcq.Response, mcq.ExtractedAnswer, mcq.IsCorrect, mcq.Error)
                    .ToAnswer(ordinals?[i] ?? i, question, finished, ExtractionProtocol.V1)))
            .OrderBy(answer => (answer.CaseOrdinal, answer.QuestionIndex)),
    ];

    private static Case ReadCase(V1Case @case, int ordinal)
    {
        var id = @case.CaseId.Length > 0 ? @case.CaseId : string.Create(CultureInfo.InvariantCulture, $"LINE_{ordinal + 1}");
        return StoredCaseReader.Read(new StoredCase(ordinal, ordinal + 1, id,
            string.Create(CultureInfo.InvariantCulture, $"LINE_{ordinal + 1:D9}.json"), ToJson(@case)));
    }

    // What the file tells of the case, in the release's own form; what it does not tell is not there.
    private static string ToJson(V1Case @case)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (@case.Pmc is { } pmc) json.WriteString("pmc", pmc);
            if (@case.Doi is { } doi) json.WriteString("doi", doi);
            if (@case.Level1 is { } chapter) json.WriteString("Level1", chapter);
            if (@case.Level2 is { } subcategory) json.WriteString("Level2", subcategory);
            json.WritePropertyName("Rarity");
            json.WriteRawValue(@case.RarityJson);
            json.WriteStartObject("exam_creation");
            json.WriteStartObject("final_policy");
            json.WriteStartArray("mcqs");
            foreach (var mcq in @case.Mcqs) Write(json, mcq);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter json, V1Mcq mcq)
    {
        json.WriteStartObject();
        json.WriteString("stage", mcq.Stage);
        json.WriteString("correct_answer", mcq.CorrectAnswer);
        foreach (var (name, types) in (ReadOnlySpan<(string, ImmutableArray<string>)>)[("image_details", mcq.ImageTypes),
            ("table_details", mcq.TableTypes)])
        {
            json.WriteStartArray(name);
            foreach (var type in types)
            {
                json.WriteStartObject();
                json.WriteString("type", type);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time.ToUniversalTime() : null;
}
