using System.Collections.Immutable;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Flips;

/// <summary>Reads the texts of questions that changed side from where the set came from; a set itself holds no texts.</summary>
internal static class FlipReader
{
    /// <summary>From a store.</summary>
    public static ImmutableArray<FlipTexts> FromStore(
        ResultStore store, ResultSet set, ModelResults first, ModelResults second, ImmutableArray<Flip> flips)
    {
        var cases = store.GetCases(set.ReleaseSha256!).DistinctBy(stored => stored.Id)
            .ToDictionary(stored => stored.Id, StringComparer.Ordinal);
        var damaged = set.Cases.Where(facts => facts.IsDamaged).Select(facts => facts.Id).ToHashSet(StringComparer.Ordinal);
        var (firstReplies, secondReplies) = (Replies(first), Replies(second));
        var parsed = flips.Select(flip => flip.Case.Id).Distinct().Where(id => !damaged.Contains(id))
            .ToDictionary(id => id, id => CoreFolder.ParseCase(cases[id].Json, cases[id].FileName), StringComparer.Ordinal);
        return [.. flips.Select(flip =>
        {
            var question = parsed.GetValueOrDefault(flip.Case.Id)?.Questions[flip.Question.Index];
            var place = (cases[flip.Case.Id].Ordinal, flip.Question.Index);
            return new FlipTexts(question?.Text, question?.Options ?? [], Find(firstReplies, place), Find(secondReplies, place));
        })];

        Dictionary<(int, int), string?> Replies(ModelResults model) =>
            store.GetEpoch(model.RunId!, 1).ToDictionary(answer => (answer.CaseOrdinal, answer.QuestionIndex), answer => answer.Reply);

        static string? Find(Dictionary<(int, int), string?> replies, (int, int) place) =>
            replies.TryGetValue(place, out var reply) ? reply : null;
    }

    /// <summary>From a core folder.</summary>
    public static ImmutableArray<FlipTexts> FromFolder(string folder, ModelResults first, ModelResults second, ImmutableArray<Flip> flips)
    {
        var cases = flips.Select(flip => flip.Case.FileName).Distinct()
            .ToDictionary(name => name, name => CoreFolder.ReadCase(Path.Combine(folder, name)), StringComparer.Ordinal);
        return [.. flips.Select(flip =>
        {
            var question = cases[flip.Case.FileName].Questions[flip.Question.Index];
            return new FlipTexts(question.Text, question.Options, Reply(question, first), Reply(question, second));
        })];

        static string? Reply(CoreQuestion question, ModelResults model) =>
            question.Entries.FirstOrDefault(entry => entry.ModelId == model.SourceName)?.Response;
    }

    /// <summary>From v1 files, which hold replies but not the questions.</summary>
    public static ImmutableArray<FlipTexts> FromFiles(
        IReadOnlyList<string> files, ResultSet set, ModelResults first, ModelResults second, ImmutableArray<Flip> flips)
    {
        var (firstCases, secondCases) = (Cases(first), Cases(second));
        return [.. flips.Select(flip => new FlipTexts(null, [], Reply(firstCases, flip), Reply(secondCases, flip)))];

        // One model a file, in the order of the files.
        Dictionary<string, V1Case> Cases(ModelResults model) =>
            V1ResultsFile.Read(files[set.Models.IndexOf(model)]).Cases
                .Select((@case, position) => (Id: V1FileSource.IdOf(@case, position), Case: @case)).DistinctBy(item => item.Id)
                .ToDictionary(item => item.Id, item => item.Case, StringComparer.Ordinal);

        static string? Reply(Dictionary<string, V1Case> cases, Flip flip) => cases[flip.Case.Id].Mcqs[flip.Question.Index].Response;
    }
}
