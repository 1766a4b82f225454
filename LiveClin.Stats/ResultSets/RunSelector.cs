using System.Collections.Immutable;
using LiveClin.Core.Conditions;
using LiveClin.Core.Results;
using LiveClin.Core.Simulated;

namespace LiveClin.Stats.ResultSets;

/// <summary>A run, as far as choosing needs to know it.</summary>
/// <param name="Run">The run.</param>
/// <param name="QuestionsDone">Questions with an outcome.</param>
/// <param name="IsPartial">True when it covers only a part of its release.</param>
/// <param name="IsActive">True while it is being worked on.</param>
public sealed record RunCandidate(RunInfo Run, int QuestionsDone, bool IsPartial, bool IsActive);

/// <summary>A run that was chosen.</summary>
/// <param name="Candidate">The run.</param>
/// <param name="Label">What it is called beside the others.</param>
public sealed record SelectedRun(RunCandidate Candidate, string Label);

/// <summary>The runs that make a set, oldest first.</summary>
/// <param name="Runs">The runs, at least one, all on one release.</param>
/// <param name="Note">What the reader should know of the choice.</param>
public sealed record SelectedRuns(IReadOnlyList<SelectedRun> Runs, string? Note);

/// <summary>
/// The one rule of choosing, for stores and evaluators alike. Conditions are never mixed: what was asked as published stands where nothing
/// else is asked for. Of each model and setting one run stands: one that a person chose, else a
/// complete one before a partial one, then the newest. Hidden runs, and those that never got an answer, do not stand at all.
/// </summary>
internal static class RunSelector
{
    /// <summary>The runs that a selection means.</summary>
    /// <param name="runs">Every run there is, newest first.</param>
    /// <param name="selection">What is asked for.</param>
    /// <exception cref="RequestException">There is nothing of the kind.</exception>
    public static SelectedRuns Select(IReadOnlyList<RunCandidate> runs, RunSelection selection)
    {
        if (selection.RunIds.Count > 0) return new SelectedRuns(Label(runs, Named(runs, selection.RunIds, "selection.run_ids")), null);
        if (runs.Count == 0) throw RequestException.Missing("selection.release", "There are no runs yet. Start one with the evaluator.");
        var preferred = Named(runs, selection.PreferredRunIds, "selection.preferred_run_ids").Select(run => run.Run.Id)
            .ToHashSet(StringComparer.Ordinal);
        var asked = runs.Where(run => run.Run.Specification.Condition == selection.Condition || preferred.Contains(run.Run.Id)).ToList();
        if (asked.Count == 0) throw NoneUnder(selection.Condition, runs);
        var visible = asked.Where(run => !run.Run.IsHidden || preferred.Contains(run.Run.Id)).ToList();
        // A run that failed before its first answer says nothing of its model, and must not hide another one that does.
        var speaking = visible.Where(run => run.QuestionsDone > 0 || run.IsActive).ToList();
        var here = OnRelease(runs, speaking.Count > 0 ? speaking : visible.Count > 0 ? visible : asked, selection.Release);
        var standing = here.GroupBy(run => run.Run.Specification.Identity).Select(same => Standing(same, preferred)).ToHashSet();
        var labelled = Label(runs, [.. here.Where(standing.Contains).Reverse()])
            .Where(run => !selection.IgnoredModels.Contains(run.Candidate.Run.Specification.Model)
                && !selection.IgnoredModels.Contains(run.Label))
            .ToList();
        if (labelled.Count == 0) throw RequestException.Invalid("selection.ignored_models", "Every model is left out.");
        var others = here.Count - standing.Count;
        return new SelectedRuns(labelled, others == 0
            ? null : $"Of each model and setting one run stands here; {others} other {(others == 1 ? "one does" : "ones do")} not.");
    }

    /// <summary>
    /// The runs of the same model and setting under conditions, by the published run's identifier: one of each condition.
    /// </summary>
    /// <param name="runs">Every run there is, newest first.</param>
    /// <param name="published">Identifiers of the published runs.</param>
    /// <param name="preferred">Runs that stand for their condition, whichever the rule would take.</param>
    public static IReadOnlyDictionary<string, ImmutableArray<RunCandidate>> Conditioned(
        IReadOnlyList<RunCandidate> runs, IEnumerable<string> published, IReadOnlySet<string> preferred)
    {
        var conditioned = runs
            .Where(run => run.Run.Specification.Condition != Condition.PublishedName && run.QuestionsDone > 0)
            .Where(run => !run.Run.IsHidden || preferred.Contains(run.Run.Id))
            .ToLookup(run => run.Run.Specification.SettingIdentity);
        var wanted = published.ToHashSet(StringComparer.Ordinal);
        return runs.Where(run => wanted.Contains(run.Run.Id) && run.Run.Specification.Condition == Condition.PublishedName).ToDictionary(
            run => run.Run.Id,
            run => conditioned[run.Run.Specification.Identity].GroupBy(other => other.Run.Specification.Condition, StringComparer.Ordinal)
                .Select(same => Standing(same, preferred)).ToImmutableArray(),
            StringComparer.Ordinal);
    }

    private static RequestException NoneUnder(string condition, IReadOnlyList<RunCandidate> runs) => RequestException.Missing(
        "selection.condition",
        $"There is no run under the condition '{condition}'; there are runs under {string.Join(", ", runs.Select(run => run.Run.Specification.Condition).Distinct().Order())}.");

    private static RunCandidate Standing(IEnumerable<RunCandidate> same, IReadOnlySet<string> preferred) => same
        .OrderByDescending(run => preferred.Contains(run.Run.Id))
        .ThenByDescending(run => run.Run.IsChosen)
        .ThenBy(run => run.IsPartial)
        .ThenByDescending(run => run.QuestionsDone > 0)
        .First(); // sorting is stable: the newest of equals

    private static List<RunCandidate> OnRelease(IReadOnlyList<RunCandidate> all, IReadOnlyList<RunCandidate> runs, string? wanted)
    {
        var release = wanted is not null
            ? runs.FirstOrDefault(run => run.Run.Specification.ReleaseName == wanted || run.Run.Specification.ReleaseSha256 == wanted)
                ?.Run.Specification.ReleaseSha256
                ?? throw RequestException.Missing("selection.release",
                    $"There is no run on release '{wanted}'; it has {string.Join(", ", all.Select(run => run.Run.Specification.ReleaseName).Distinct())}.")
            : WithMostModels(runs);
        return [.. runs.Where(run => run.Run.Specification.ReleaseSha256 == release)];
    }

    // Built-in examinees alone do not make a release the one that people want to see.
    private static string WithMostModels(IReadOnlyList<RunCandidate> runs) => runs
        .GroupBy(run => run.Run.Specification.ReleaseSha256)
        .OrderByDescending(release => CountModels(release.Where(run => ModelKinds.Of(run.Run.Specification.ApiId) == ModelKind.Model)))
        .ThenByDescending(CountModels)
        .First().Key;

    private static int CountModels(IEnumerable<RunCandidate> runs) =>
        runs.Where(run => run.QuestionsDone > 0).Select(run => run.Run.Specification.Model).Distinct().Count();

    private static List<RunCandidate> Named(IReadOnlyList<RunCandidate> runs, IReadOnlyList<string> ids, string field)
    {
        List<RunCandidate> named = [.. ids.Select(id => Find(runs, id, field))];
        return named.Select(run => run.Run.Specification.ReleaseSha256).Distinct().Count() <= 1
            ? named
            : throw RequestException.Invalid(field,
                "The runs are on different releases; only runs on one release can be laid side by side.");
    }

    private static RunCandidate Find(IReadOnlyList<RunCandidate> runs, string id, string field)
    {
        if (runs.FirstOrDefault(run => run.Run.Id == id) is { } exact) return exact;
        var similar = runs.Where(run => run.Run.Id.StartsWith(id, StringComparison.Ordinal)).ToList();
        return similar.Count switch
        {
            1 => similar[0],
            0 => throw RequestException.Missing(field, $"There is no run '{id}'."),
            _ => throw RequestException.Invalid(field, $"'{id}' fits {similar.Count} runs. Give more of it."),
        };
    }

    // Several runs of one setting can only stand beside each other when they were named: then their identifiers tell.
    private static List<SelectedRun> Label(IReadOnlyList<RunCandidate> all, IReadOnlyList<RunCandidate> chosen)
    {
        var labels = RunLabels.ByIdentity(all.Select(run => run.Run));
        var labelled = chosen.Select(run => new SelectedRun(run, labels[run.Run.Specification.Identity])).ToList();
        var shared = labelled.CountBy(run => run.Label).Where(label => label.Value > 1).Select(label => label.Key)
            .ToHashSet(StringComparer.Ordinal);
        return [.. labelled.Select(run =>
            shared.Contains(run.Label) ? run with { Label = $"{run.Label} · {run.Candidate.Run.Id}" } : run)];
    }
}
