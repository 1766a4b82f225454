using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Floors;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;

namespace LiveClin.Stats.ResultSets;

/// <summary>Turns cases of the published formats into <see cref="CaseFacts"/>.</summary>
internal static class CaseReading
{
    public static CaseFacts FromCore(CoreCaseFile file, string? id = null) => new()
    {
        Id = id ?? Identify(file),
        FileName = file.FileName,
        Title = file.Title,
        Chapter = file.Chapter,
        Subcategory = file.Subcategory,
        Rarity = file.Rarity,
        Scenario = file.Scenario,
        Questions = [.. file.Questions.Select((question, index) => new QuestionFacts
        {
            Index = index,
            Stage = question.Stage,
            Key = (question.CorrectAnswer ?? "").ToUpperInvariant(),
            Letters = [.. question.Options.Select(o => o.Letter).Order(StringComparer.Ordinal)],
            OptionLengths = [.. question.Options.OrderBy(o => o.Letter, StringComparer.Ordinal).Select(o => o.Text.Length)],
            SameText = RepeatedOptions.Of(question.Options.OrderBy(o => o.Letter, StringComparer.Ordinal).Select(o => (o.Letter, o.Text)))
                .ToImmutableDictionary(StringComparer.Ordinal),
            FloorLetters = Floor.Choices(new FloorQuestion(
                file.Scenario ?? "", question.Text ?? "", [.. question.Options.OrderBy(o => o.Letter, StringComparer.Ordinal)])),
            ImageTypes = question.ImageTypes,
            TableTypes = question.TableTypes,
        })],
    };

    /// <summary>The cases of a release in a store, in its order.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static IEnumerable<CaseFacts> FromStore(ResultStore store, string releaseSha256) =>
        store.ReadCases(releaseSha256).Select(read => read.Case.IsDamaged
            ? FromRemains(read.Case)
            : FromCore(CoreFolder.ParseCase(read.Stored.Json, read.Stored.FileName), read.Stored.Id));

    private static CaseFacts FromRemains(Case damaged) => new()
    {
        Id = damaged.Id,
        FileName = damaged.FileName,
        Title = damaged.Title,
        Chapter = damaged.Chapter,
        Subcategory = damaged.Subcategory,
        Rarity = damaged.Rarity,
        Questions = [.. damaged.Questions.Select(question => new QuestionFacts { Index = question.Index, Key = question.Key })],
        IsDamaged = true,
    };

    public static CaseFacts FromV1(V1Case @case, string id) => new()
    {
        Id = id,
        FileName = @case.Pmc is { Length: > 0 } pmc ? $"PMC{pmc}.json" : $"{id}.json",
        Chapter = @case.Level1,
        Subcategory = @case.Level2,
        Rarity = @case.RarityJson.Trim('"'),
        Questions = [.. @case.Mcqs.Select(mcq => new QuestionFacts
        {
            Index = mcq.Index,
            Stage = mcq.Stage,
            Key = mcq.CorrectAnswer.ToUpperInvariant(),
            ImageTypes = mcq.ImageTypes,
            TableTypes = mcq.TableTypes,
        })],
    };

    // As the v1 package names cases: the bare PMC text, PMID_n, the DOI; else the file's name.
    private static string Identify(CoreCaseFile file) => file switch
    {
        { Pmc.Length: > 0 } => file.Pmc,
        { Pmid.Length: > 0 } => "PMID_" + file.Pmid,
        { Doi.Length: > 0 } => file.Doi,
        _ => Path.GetFileNameWithoutExtension(file.FileName),
    };
}
