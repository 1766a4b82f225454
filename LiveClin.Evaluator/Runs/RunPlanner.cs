using System.Security.Cryptography;
using LiveClin.Core.Cases;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Runs;

/// <summary>
/// The one rule of starting: the run with the request's identity is brought to the request's target; where there is none, or a fresh
/// one is asked for, another begins. The store alone says what is answered.
/// </summary>
internal sealed class RunPlanner(ResultStore store, ReleaseLibrary releases, TimeProvider time)
{
    /// <summary>What carrying out a request would mean. Sends nothing and stores nothing.</summary>
    /// <exception cref="ReleaseException">The release is missing or wrong.</exception>
    /// <exception cref="RunRefusedException">The request cannot be carried out; says why.</exception>
    public async Task<PlannedRun> PlanAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var release = await releases.GetAsync(request.Release, request.Target.Limit, cancellationToken).ConfigureAwait(false);
        var whole = request.Target.Limit is null ? release : await releases.WholeAsync(release, cancellationToken).ConfigureAwait(false);
        var target = request.Target.For(whole.Cases.Length);
        var asked = AskedCases.Of(request.Condition, request.Release.ImageMode, whole, release, target, releases.ImageFinder(release));
        var specification = Specify(request, release);
        var parameters = specification.ParametersJson;
        if (!EpochSeed.Fits(parameters, target.Epochs))
            throw new RunRefusedException(
                $"The seed in {parameters} is too large: each epoch adds one to it. Give a smaller one (--seed, Seed).");
        var existing = FindExisting(request, specification, target);
        var run = existing is null
            ? NewRun(specification, target)
            : existing with { Specification = specification, Target = existing.Target.Union(target) };
        var plan = new RunPlan(run, target, asked, request, existing is null ? [] : store.GetAnswers(run.Id));
        var images = existing is null ? [] : store.GetRunImages(run.Id);
        if (existing is not null && plan.Open.Length > 0 && request.Release.ImageMode == ImageMode.Local)
            RequireUnchanged(run, images, releases.ImageFinder(release));
        if (existing is not null && plan.Open.Length > 0 && asked.FindChange(store.GetRunCases(run.Id)) is { } change)
            throw new RunRefusedException($"Run {run.Id} cannot go on: {change}. Put them back, or begin another run with --fresh.");
        if (existing is not null && plan.Open.Length > 0 && store.HasMisplacedAnswers(run.Id))
        {
            throw new RunRefusedException(
                $"Run {run.Id} cannot go on: the place of an answer cannot be read (damaged in the store), so that its question"
                + $" would be asked, and paid for, again. {DamagedRow.Remedy}; or begin another run with --fresh.");
        }

        return new PlannedRun(plan, whole, existing, images);
    }

    private RunInfo? FindExisting(RunRequest request, RunSpecification specification, RunTarget target)
    {
        if (request.ContinueRunId is not { } id) return request.Fresh ? null : store.FindContinuable(specification, target);
        var run = store.FindRun(id) ?? throw new RunRefusedException($"There is no run '{id}'.");
        if (run.IsImported) throw new RunRefusedException($"Run {run.Id} was imported from {run.Source}; there is nothing to resume.");
        return run.Specification.Identity == specification.Identity
            ? run
            : throw new RunRefusedException(
                $"Run {run.Id} asked something else: its release has changed since ({run.Specification.ReleaseSha256} then, {specification.ReleaseSha256} now). Start a new run.");
    }

    private static RunSpecification Specify(RunRequest request, Release release) => new()
    {
        Model = request.Model,
        ApiId = request.Endpoint.ApiId,
        Endpoint = request.Endpoint.SafeUrl,
        ReleaseSha256 = release.Sha256,
        ReleaseName = release.Name,
        Condition = request.Condition.Name,
        ImageMode = request.Release.ImageMode == ImageMode.Url ? "url" : "local",
        AllowMissingImages = request.Release.AllowMissingImages,
        ParametersJson = request.Sampling.ToJson(),
    };

    private RunInfo NewRun(RunSpecification specification, RunTarget target)
    {
        var now = time.GetUtcNow();
        return new RunInfo
        {
            Id = RunId.Create(now),
            Specification = specification,
            Target = target,
            Status = RunStatus.Running,
            StartedAt = now,
            ProgramVersion = ProgramIdentity.Version,
            GitCommit = ProgramIdentity.GitCommit,
            Machine = ProgramIdentity.Machine,
        };
    }

    // What cannot have changed by size and time is not read again.
    private static void RequireUnchanged(RunInfo run, IReadOnlyList<RunImage> images, Func<string, ImageFile?> find)
    {
        foreach (var image in images)
        {
            var path = find(image.File)?.Path ?? throw Changed(run, image.File, "it cannot be found now");
            var file = new FileInfo(path);
            if (file.Length == image.Bytes && image.ModifiedAt == file.LastWriteTimeUtc) continue;
            if (file.Length != image.Bytes || HashOf(path) != image.Sha256) throw Changed(run, image.File, "its bytes are other ones now");
        }
    }

    /// <summary>Says that an image is not the one that the run has seen.</summary>
    public static RunRefusedException Changed(RunInfo run, string file, string how) => new(
        $"Image {file} has changed since run {run.Id} used it first: {how}. Put the old file back, or begin another run with --fresh.");

    private static string HashOf(string path)
    {
        using var stream = RegularFile.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}

/// <summary>What carrying out a request means.</summary>
/// <param name="Plan">The run, and what is to be asked of it.</param>
/// <param name="Whole">Every case of the release, for the store.</param>
/// <param name="Existing">The run as it is stored; null when another one begins.</param>
/// <param name="Images">The images that it has seen.</param>
internal sealed record PlannedRun(RunPlan Plan, Release Whole, RunInfo? Existing, IReadOnlyList<RunImage> Images);
