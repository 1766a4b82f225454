using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using LiveClin.Core.Answers;
using LiveClin.Core.Bundles;
using LiveClin.Core.Conditions;
using LiveClin.Core.Exchange;
using LiveClin.Core.Results;

namespace LiveClin.Stats.Bundles;

/// <summary>
/// Checks a bundle against itself: bytes, sums, prompts' hashes, letters and outcomes from the replies, and every number of the report.
/// </summary>
internal static class BundleVerifier
{
    /// <summary>What does not fit; empty when everything does.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<IReadOnlyList<string>> FindProblemsAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var files = await OpenBundle.ReadFilesAsync(path, cancellationToken);
            if (files.CheckSums() is { Count: > 0 } problems) return problems;
            await using var bundle = await OpenBundle.OpenAsync(files);
            return [.. CheckRelease(bundle), .. CheckPrompts(bundle), .. CheckAnswers(bundle), .. CheckContent(bundle, files),
                .. CheckReport(bundle, files, cancellationToken)];
        }
        catch (BundleException error)
        {
            return [error.Message];
        }
    }

    private static IEnumerable<string> CheckRelease(OpenBundle bundle)
    {
        var release = bundle.Manifest.Release;
        if (release.Form is { } form && JsonlForm.HashOf(bundle.Store.GetCases(release.Sha256), form) is var actual
            && actual != release.Sha256)
            yield return $"cases.jsonl: the cases give a release with SHA-256 {actual ?? $"unknown (form '{form}')"}, not {release.Sha256}.";
    }

    private static IEnumerable<string> CheckPrompts(OpenBundle bundle)
    {
        var hashes = bundle.Store.ListRuns().SelectMany(run => bundle.Store.GetAnswers(run.Id)).Select(answer => answer.PromptHash)
            .OfType<string>().Distinct();
        foreach (var hash in hashes)
        {
            if (bundle.Store.FindPrompt(hash) is not { } prompt)
            {
                yield return $"prompts.jsonl: the prompt {hash} of an answer is missing.";
                continue;
            }

            var images = StoredPrompt.ReadImages(prompt.ImagesJson);
            var actual = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(prompt.Text + "\n" + string.Join('\n', images))));
            if (actual != hash) yield return $"prompts.jsonl: text and images of prompt {hash} give {actual}.";
        }
    }

    // An import keeps the scores that stand in the published files, whichever generation of the rule made them.
    private static IEnumerable<string> CheckAnswers(OpenBundle bundle)
    {
        foreach (var run in bundle.Store.ListRuns().Where(run => !run.IsImported))
        {
            for (var epoch = 1; epoch <= run.Target.Epochs; epoch++)
            {
                var results = RunResults.Load(bundle.Store, run, epoch);
                foreach (var @case in results.Release.Cases)
                    foreach (var question in @case.Questions)
                        if (results.Find(@case, question) is { Reply: { } reply } answer
                            && !IsJudgedAlike(answer, reply, question.Key, results.LettersOf(@case, question)))
                            yield return $"run {run.Id}, epoch {epoch}, case {@case.Id}, question {question.Index + 1}: the reply does not give letter {answer.Letter ?? "-"} and outcome {answer.Outcome}.";
            }
        }
    }

    private static bool IsJudgedAlike(Answer answer, string reply, string key, LetterMap letters)
    {
        var call = new CallResult { Reply = reply, FinishReason = answer.FinishReason, Refused = answer.Outcome == Outcome.Refused };
        return Enum.GetValues<ExtractionProtocol>().Any(protocol =>
        {
            // The rule reads what was shown.
            var judged = OutcomeClassifier.Classify(call, letters.ToShown(key) ?? key, protocol);
            return (answer with { Outcome = judged.Outcome }).WithLetter(judged.Extraction.Letter, letters) == answer;
        });
    }

    // What was read is written again: a field that this form does not have, or a record too many, would otherwise go unnoticed.
    private static IEnumerable<string> CheckContent(OpenBundle bundle, BundleFiles files)
    {
        var manifest = bundle.Manifest;
        var again = BundleContent.Of(bundle.Store, bundle.Store.ListRuns(), manifest.ProgramVersion, manifest.GitCommit, manifest.Platform)
            .ToDictionary(entry => entry.Name, entry => entry.Data);
        foreach (var name in files.Names.Where(name => name != BundleFiles.SumsFile
            && !name.StartsWith(BundleFiles.ReportFolder, StringComparison.Ordinal)))
        {
            if (!again.TryGetValue(name, out var data)) yield return $"{name} does not belong to a bundle.";
            else if (!data.Span.SequenceEqual(files.Require(name).Span))
                yield return $"{name}: it holds something else than its records say.";
        }
    }

    private static IEnumerable<string> CheckReport(OpenBundle bundle, BundleFiles files, CancellationToken cancellationToken)
    {
        var manifest = bundle.Manifest;
        var differs = false;
        var computed = BundleReport.Of(bundle, cancellationToken);
        foreach (var entry in computed)
        {
            var stated = files.Find(entry.Name);
            if (stated is not null && BundleReport.IsDrawn(entry.Name) && manifest.Platform != RuntimeInformation.RuntimeIdentifier)
                continue;
            if (stated is { } bytes && bytes.Span.SequenceEqual(entry.Data.Span)) continue;
            differs = true;
            if (stated is null) yield return $"{entry.Name} is missing.";
            else if (entry.Name != BundleReport.JsonFile) yield return $"{entry.Name}: it is not what the answers give.";
            else foreach (var difference in JsonDifference.Find(stated.Value, entry.Data)) yield return $"{entry.Name}: {difference}";
        }

        foreach (var name in files.Names.Where(name => name.StartsWith(BundleFiles.ReportFolder, StringComparison.Ordinal)
            && computed.All(entry => entry.Name != name)))
            yield return $"{name} does not belong to a bundle.";
        if (differs && (manifest.ProgramVersion, manifest.GitCommit) != BundleMaker.Program)
            yield return $"The bundle was made by version {manifest.ProgramVersion} ({manifest.GitCommit ?? "no commit"}); this is {BundleMaker.Program.Version} ({BundleMaker.Program.Commit ?? "no commit"}), whose statistics may have changed.";
    }
}
