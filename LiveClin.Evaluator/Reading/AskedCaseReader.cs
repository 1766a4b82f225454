using System.Collections.Concurrent;
using Google.Rpc;
using LiveClin.Core.Cases;
using LiveClin.Core.Conditions;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Reading;

/// <summary>Puts together again what a run asks of a case, and says whether it is what was recorded when the run began.</summary>
internal sealed class AskedCaseReader(ResultStore store, IReleaseSource releases)
{
    // To swap images, every image of the release is read: that is done once for a condition.
    private readonly ConcurrentDictionary<(string Release, string Condition), ConditionedRelease> _swapped = [];

    /// <exception cref="Grpc.Core.RpcException">The run does not ask the case, or its images are not there any more.</exception>
    public async Task<V1.AskedCase> ReadAsync(RunInfo run, int ordinal, CancellationToken cancellationToken)
    {
        var release = await releases.GetAsync(run.Specification.ReleaseSha256, cancellationToken);
        if (ordinal < 0 || ordinal >= release.Cases.Length)
            throw RpcErrors.Invalid("case_ordinal", $"must be 0 to {release.Cases.Length - 1}: the release has no others.");
        if (release.Cases[ordinal].IsDamaged)
        {
            throw RpcErrors.Because(Code.FailedPrecondition, "CASE_DAMAGED",
                $"What is stored of the case is no case any more. {StoreDamage.CaseRemedy}.");
        }

        var recorded = store.GetRunCases(run.Id).GetValueOrDefault(ordinal);
        var isPublished = run.Specification.Condition == Condition.PublishedName;
        if (recorded is null && !isPublished)
            throw RpcErrors.Because(Code.NotFound, "CASE_NOT_ASKED",
                $"The run does not ask this case: '{run.Specification.Condition}' changes nothing of it.");
        if (Find(run, release, ordinal) is not { } asked)
            throw RpcErrors.Because(Code.FailedPrecondition, "IMAGES_GONE",
                "What was asked cannot be put together again: the release's images are not where they were.");
        var message = await ToMessageAsync(run, release, asked, cancellationToken);
        if (recorded is not null) message.AsRecorded = asked.Hash == recorded.Hash;
        return message;
    }

    private ConditionedCase? Find(RunInfo run, Release release, int ordinal)
    {
        try
        {
            var conditioned = run.Specification.Condition.Contains("swapped-images", StringComparison.Ordinal)
                ? _swapped.GetOrAdd((release.Sha256, run.Specification.Condition), _ => Make(run, release))
                : Make(run, release);
            return conditioned.Find(release.Cases[ordinal]);
        }
        catch (Exception error) when (
            error is IOException or UnauthorizedAccessException or AggregateException { InnerException: IOException or UnauthorizedAccessException })
        {
            return null;
        }
    }

    private ConditionedRelease Make(RunInfo run, Release release) => new(
        Condition.Parse(run.Specification.Condition), release.Cases, run.Specification.ImageMode == "url" ? ImageMode.Url : ImageMode.Local,
        releases.ImageFinder(release));

    private async Task<V1.AskedCase> ToMessageAsync(RunInfo run, Release release, ConditionedCase asked,
        CancellationToken cancellationToken)
    {
        var message = new V1.AskedCase { Condition = run.Specification.Condition, Apart = asked.IsApart };
        foreach (var turn in asked.Turns)
        {
            var told = new V1.AskedTurn
            {
                QuestionIndex = turn.Question.Index,
                Text = turn.Prompt.Text,
                Options = { turn.Question.Options.Select(option => new V1.Option { Letter = option.Letter, Text = option.Text }) },
                Key = turn.Question.Key,
                PublishedLetters = { turn.Letters.IsIdentity ? [] : turn.Letters.Published },
                Changed = turn.IsChanged,
            };
            if (turn.ForcedReply is { } forced) told.ForcedReply = forced;
            foreach (var image in turn.Prompt.Images) told.Images.Add(await ToMessageAsync(release, image, cancellationToken));
            message.Turns.Add(told);
        }

        return message;
    }

    private async Task<V1.AskedImage> ToMessageAsync(Release release, PromptImage image, CancellationToken cancellationToken)
    {
        var message = new V1.AskedImage { Blank = image.IsBlank, File = image.File ?? "" };
        if (image.Url is { } url) message.Url = url;
        if (image.File is { } file && image.Url is null && await releases.HashAsync(release, new Figure { File = file }) is { } sha256)
            message.Sha256 = sha256;
        if (image is { IsBlank: true, Path: { } path } && await SizeAsync(path, image.Root, cancellationToken) is { } size)
            (message.Width, message.Height) = (size.Width, size.Height);
        return message;
    }

    private static async Task<PixelSize?> SizeAsync(string path, string? root, CancellationToken cancellationToken)
    {
        try
        {
            return PixelSize.Read(await Task.Run(() => RegularFile.ReadAllBytes(path, root), cancellationToken));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
