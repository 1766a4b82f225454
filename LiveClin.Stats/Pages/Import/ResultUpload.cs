using Google.Protobuf;
using Grpc.Core;
using LiveClin.Evaluator.V1;
using Microsoft.AspNetCore.Components.Forms;

namespace LiveClin.Stats.Pages.Import;

/// <summary>Passes files from a browser on to the evaluator, chunk by chunk; nothing of them is kept here.</summary>
internal sealed class ResultUpload(EvaluatorService.EvaluatorServiceClient evaluator)
{
    /// <summary>Most that the evaluator takes at a time.</summary>
    public const long MostBytes = 256 << 20;

    /// <summary>Most files at a time; a folder of more is sent as a zip.</summary>
    public const int MostFiles = 2000;

    private const int ChunkBytes = 256 << 10;

    /// <summary>The releases that the evaluator knows, for choosing the one that results were made on.</summary>
    public async Task<IReadOnlyList<ReleaseInfo>> ListReleasesAsync(CancellationToken cancellationToken) =>
        [.. (await evaluator.ListReleasesAsync(new ListReleasesRequest(), cancellationToken: cancellationToken))
            .Releases.Where(r => r.Sha256.Length > 0)];

    /// <summary>Sends files and returns what became of them.</summary>
    /// <param name="files">The files.</param>
    /// <param name="release">The release that they were made on; null to have it found.</param>
    /// <param name="progress">Told of the bytes sent so far.</param>
    /// <param name="cancellationToken">Gives up; nothing is stored then.</param>
    /// <exception cref="RpcException">The evaluator refused, or cannot be reached.</exception>
    /// <exception cref="IOException">The browser stopped sending.</exception>
    public async Task<ImportResultsResponse> SendAsync(IReadOnlyList<IBrowserFile> files, string? release, IProgress<long> progress,
        CancellationToken cancellationToken)
    {
        using var call = evaluator.ImportResults(cancellationToken: cancellationToken);
        try
        {
            var (buffer, sent) = (new byte[ChunkBytes], 0L);
            foreach (var file in files)
            {
                await using var content = file.OpenReadStream(MostBytes, cancellationToken);
                var name = file.Name;
                int read;
                do
                {
                    read = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
                    await call.RequestStream.WriteAsync(new ImportResultsRequest { FileName = name, Release = release ?? "",
                        Data = ByteString.CopyFrom(buffer, 0, read) }, cancellationToken);
                    name = "";
                    progress.Report(sent += read);
                }
                while (read == buffer.Length);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception error) when (error is RpcException or InvalidOperationException && !cancellationToken.IsCancellationRequested)
        {
            // Refused before all was sent; the response says why.
        }

        return await call;
    }
}
