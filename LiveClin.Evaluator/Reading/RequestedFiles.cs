using System.Security.Cryptography;
using Google.Rpc;
using Grpc.Core;
using LiveClin.Core.Releases;
using LiveClin.Core.Exchange;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Reading;

/// <summary>An image as it was when its hash was taken.</summary>
/// <param name="Bytes">Its bytes.</param>
/// <param name="MediaType">Its media type.</param>
internal sealed record ImageContent(byte[] Bytes, string MediaType);

/// <summary>Finds the files that callers ask for, over gRPC or HTTP.</summary>
internal sealed class RequestedFiles(ResultStore store, IReleaseSource releases)
{
    /// <summary>The store.</summary>
    public ResultStore Store => store;

    /// <summary>The releases.</summary>
    public IReleaseSource Releases => releases;

    /// <summary>What runs ask of cases.</summary>
    public AskedCaseReader AskedCases { get; } = new(store, releases);

    /// <exception cref="RpcException">There is no such image, or it has changed.</exception>
    public async Task<ImageContent> GetImageAsync(string sha256, CancellationToken cancellationToken)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
            throw RpcErrors.Invalid("sha256", "must be 64 lower-case hexadecimal digits, as in Figure.sha256.");
        var image = releases.FindImage(sha256)
            ?? throw RpcErrors.Because(Code.NotFound, "IMAGE_NOT_FOUND",
                "No image with this hash was sent to a model or shown in a case. GetCase gives the hashes of its images.");
        try
        {
            var bytes = await Task.Run(() => RegularFile.ReadAllBytes(image.Path), cancellationToken);
            return Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256
                ? new ImageContent(bytes, image.MediaType)
                : throw RpcErrors.Because(Code.NotFound, "IMAGE_GONE", $"{image.Path} has been changed since its hash was taken.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw RpcErrors.Because(Code.NotFound, "IMAGE_GONE", $"{image.Path} cannot be read any more: {error.Message}");
        }
    }

    /// <exception cref="RpcException">There is no such run or epoch, or the format is unknown.</exception>
    public async Task<RunExport> ExportAsync(string runId, ExportFormat? format, int? epoch, CancellationToken cancellationToken)
    {
        if (format is not { } known) throw RpcErrors.Invalid("format", "must be core, v1, jsonl, csv or parquet.");
        var run = RequireRun(runId);
        return epoch is null || (epoch >= 1 && epoch <= run.Target.Epochs)
            ? await RunExport.CreateAsync(store, run, epoch, known, cancellationToken)
            : throw RpcErrors.Invalid("epoch", $"must be 1 to {run.Target.Epochs}: the run has no others.");
    }

    /// <summary>A run by its identifier or an unambiguous beginning of it.</summary>
    /// <exception cref="RpcException">There is none.</exception>
    public RunInfo RequireRun(string id, string field = "run_id")
    {
        if (string.IsNullOrWhiteSpace(id)) throw RpcErrors.Invalid(field, "must name a run.");
        return store.FindRun(id)
            ?? throw RpcErrors.Because(Code.NotFound, "RUN_NOT_FOUND", $"There is no run '{id}'. ListRuns shows what there is.");
    }
}
