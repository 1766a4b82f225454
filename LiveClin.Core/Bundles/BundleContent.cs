using System.Text.Json;
using LiveClin.Core.Cases;
using LiveClin.Core.Results;

namespace LiveClin.Core.Bundles;

/// <summary>Runs of a store as the files of a bundle, and back.</summary>
public static class BundleContent
{
    /// <summary>What was asked and answered in these runs, all on one release; nothing of it says where on a machine it lay.</summary>
    /// <param name="store">The store.</param>
    /// <param name="runs">The runs.</param>
    /// <param name="programVersion">Program that makes the bundle.</param>
    /// <param name="gitCommit">Its commit; null when unknown.</param>
    /// <param name="platform">Where its plots are drawn.</param>
    /// <exception cref="StoreException">The store cannot be read, or lacks the release.</exception>
    public static IReadOnlyList<BundleEntry> Of(
        ResultStore store, IReadOnlyList<RunInfo> runs, string programVersion, string? gitCommit, string platform)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(runs);
        List<RunInfo> ordered = [.. runs.OrderBy(run => run.Id, StringComparer.Ordinal)];
        var sha256 = ordered[0].Specification.ReleaseSha256;
        var release = store.FindRelease(sha256) ?? throw new StoreException(StoreProblem.Damaged,
            $"{store.Path} has no release {sha256}.");
        var cases = store.GetCases(sha256);
        if (cases.FirstOrDefault(stored => StoreDamage.TryRead(stored) is null) is { } damaged)
        {
            throw new StoreException(StoreProblem.Damaged,
                $"{store.Path}: what is stored of case {damaged.Id} is no case any more, and a bundle proves every text in it. "
                + $"{StoreDamage.CaseRemedy}.");
        }

        var manifest = new BundleManifest(
            BundleManifest.CurrentFormat, programVersion, gitCommit,
            new BundledRelease(release.Name, release.Sha256, release.Cases, release.Questions, JsonlForm.Find(cases, sha256)), platform,
            [.. ordered.Select(run => run.Id)]);
        var entries = new List<BundleEntry>
        {
            BundleFiles.Json(BundleFiles.ManifestFile, manifest, BundleJson.Default.BundleManifest),
            BundleFiles.Lines(BundleFiles.CasesFile, cases, BundleJson.Default.StoredCase),
            BundleFiles.Lines(BundleFiles.VerdictsFile, store.GetVerdicts(sha256), BundleJson.Default.Verdict),
        };
        var prompts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (index, run) in ordered.Index())
        {
            // What is damaged is left out; who makes the bundle says which.
            var (folder, answers) = (BundleFiles.RunFolder(index), store.GetAnswers(run.Id).Where(answer => !answer.IsDamaged).ToList());
            prompts.UnionWith(answers.Select(answer => answer.PromptHash).OfType<string>());
            entries.Add(BundleFiles.Json(folder + "run.json", Describe(run, store.GetEnvironments(run.Id)), BundleJson.Default.BundledRun));
            entries.Add(BundleFiles.Lines(folder + "asked.jsonl",
                store.GetRunCases(run.Id).Values.Select(asked => new BundledRunCase(asked.Ordinal, asked.Hash, asked.QuestionsJson)),
                BundleJson.Default.BundledRunCase));
            entries.Add(BundleFiles.Lines(folder + "answers.jsonl", answers, BundleJson.Default.Answer));
            entries.Add(BundleFiles.Lines(folder + "events.jsonl", store.GetEvents(run.Id), BundleJson.Default.RunEvent));
            entries.Add(BundleFiles.Lines(folder + "images.jsonl",
                store.GetRunImages(run.Id).Select(image => new BundledImage(image.File, image.Sha256, image.Bytes)),
                BundleJson.Default.BundledImage));
        }

        entries.Add(BundleFiles.Lines(BundleFiles.PromptsFile, prompts.Select(store.FindPrompt).OfType<StoredPrompt>(),
            BundleJson.Default.StoredPrompt));
        return entries;
    }

    /// <summary>Reads the manifest.</summary>
    /// <exception cref="BundleException">It is wrong, or of a form that this program does not know.</exception>
    public static BundleManifest ReadManifest(BundleFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        var manifest = files.ReadJson(BundleFiles.ManifestFile, BundleJson.Default.BundleManifest);
        if (manifest.Format != BundleManifest.CurrentFormat)
            throw new BundleException(
                $"The bundle is of form {manifest.Format}; this program knows form {BundleManifest.CurrentFormat}. Use the version that made it, or a newer one.");
        return manifest.Release is null || manifest.Runs is not { Count: > 0 }
            ? throw new BundleException($"{BundleFiles.ManifestFile}: release or runs are missing.") : manifest;
    }

    /// <summary>Fills a new store from a bundle, so that whatever reads stores reads bundles.</summary>
    /// <exception cref="BundleException">A file is missing or wrong.</exception>
    public static async Task FillAsync(ResultStore store, BundleFiles files)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(files);
        try
        {
            var manifest = ReadManifest(files);
            var release = ReadRelease(files, manifest, Path.GetDirectoryName(store.Path)!);
            await store.WriteAsync(write =>
            {
                write.AddRelease(release);
                foreach (var prompt in files.ReadLines(BundleFiles.PromptsFile, BundleJson.Default.StoredPrompt))
                    write.PutPrompt(prompt.Hash, prompt.Text, prompt.ImagesJson);
                foreach (var verdict in files.ReadLines(BundleFiles.VerdictsFile, BundleJson.Default.Verdict))
                    write.PutVerdict(release.Sha256, verdict);
                for (var index = 0; index < manifest.Runs.Count; index++) AddRun(write, files, BundleFiles.RunFolder(index), manifest);
            }).ConfigureAwait(false);
        }
        catch (Exception error) when (
            error is StoreException or FormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw new BundleException($"The bundle's runs cannot be read: {error.Message}", error);
        }
    }

    private static void AddRun(StoreTransaction write, BundleFiles files, string folder, BundleManifest manifest)
    {
        var run = files.ReadJson(folder + "run.json", BundleJson.Default.BundledRun);
        if (run.Specification is not { } specification || run.Environments is null
            || specification.ReleaseSha256 != manifest.Release.Sha256 || run.Identity != specification.Identity)
            throw new BundleException($"{folder}run.json: release and identity do not follow from what it asks.");
        write.AddRun(new RunInfo
        {
            Id = run.Id,
            Specification = specification,
            Target = RunTarget.Parse(run.Target),
            Status = run.Status,
            StatusReason = run.StatusReason,
            StartedAt = run.StartedAt,
            FinishedAt = run.FinishedAt,
            ProgramVersion = run.ProgramVersion,
            GitCommit = run.GitCommit,
            Machine = run.Machine,
            Source = run.Source,
            Name = run.Name,
        });
        foreach (var recorded in run.Environments) write.PutEnvironment(run.Id, recorded);
        write.PutRunCases(run.Id, files.ReadLines(folder + "asked.jsonl", BundleJson.Default.BundledRunCase)
            .Select(asked => new RunCase(asked.Ordinal, asked.Hash, RunCase.ReadQuestions(asked.Questions))));
        foreach (var answer in files.ReadLines(folder + "answers.jsonl", BundleJson.Default.Answer)) write.PutAnswer(run.Id, answer);
        foreach (var image in files.ReadLines(folder + "images.jsonl", BundleJson.Default.BundledImage))
            write.PutRunImage(run.Id, new RunImage(image.File, image.Sha256, image.Bytes, null));
        foreach (var noted in files.ReadLines(folder + "events.jsonl", BundleJson.Default.RunEvent))
            write.AddEvent(run.Id, noted.Kind, noted.Message, noted.At);
    }

    private static Release ReadRelease(BundleFiles files, BundleManifest manifest, string folder) => new()
    {
        Name = manifest.Release.Name,
        Sha256 = manifest.Release.Sha256,
        JsonlPath = Path.Combine(folder, "not-in-the-bundle.jsonl"),
        ImageRoot = Path.Combine(folder, "not-in-the-bundle"),
        Cases = [.. files.ReadLines(BundleFiles.CasesFile, BundleJson.Default.StoredCase).Select(StoredCaseReader.Read)],
    };

    private static BundledRun Describe(RunInfo run, IReadOnlyList<RecordedEnvironment> environments) => new(
        run.Id, run.Specification, run.Specification.Identity, run.Target.ToString(), run.Status, run.StatusReason, run.StartedAt,
        run.FinishedAt, run.ProgramVersion, run.GitCommit, run.IsImported ? "import" : RunInfo.Own, run.Name, run.Machine, environments,
        environments.Count == 0
            ? ["environments"] : [.. environments.SelectMany(recorded => recorded.Environment.FindUnknown()).Distinct()]);
}
