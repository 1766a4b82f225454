using Grpc.Core;
using LiveClin.Core.Exchange;
using LiveClin.Evaluator.Imports;

namespace LiveClin.Evaluator.Service;

internal sealed partial class EvaluatorRpc
{
    public override async Task<V1.ImportResultsResponse> ImportResults(IAsyncStreamReader<V1.ImportResultsRequest> requestStream,
        ServerCallContext context)
    {
        using var stop = LinkToStop(context);
        using var place = await imports.EnterAsync(stop.Token);
        await using var upload = new Upload(new UploadLimits());
        string? release = null;
        await foreach (var chunk in requestStream.ReadAllAsync(stop.Token))
        {
            release ??= chunk.Release;
            await upload.AddAsync(chunk.FileName, chunk.Data.Memory, stop.Token);
        }

        return await ImportAsync(upload, release, stop.Token);
    }

    /// <summary>Takes one file in, over HTTP.</summary>
    internal async Task<V1.ImportResultsResponse> ImportFileAsync(string fileName, string? release, Stream content,
        CancellationToken cancellationToken)
    {
        using var place = await imports.EnterAsync(cancellationToken);
        await using var upload = new Upload(new UploadLimits());
        var buffer = new byte[128 << 10];
        await upload.AddAsync(Upload.RequirePlain(fileName), ReadOnlyMemory<byte>.Empty, cancellationToken);
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            await upload.AddAsync("", buffer.AsMemory(0, read), cancellationToken);
        return await ImportAsync(upload, release, cancellationToken);
    }

    private async Task<V1.ImportResultsResponse> ImportAsync(Upload upload, string? release, CancellationToken cancellationToken)
    {
        await upload.FinishAsync(cancellationToken);
        var (runs, results) = await imports.ImportAsync(upload, release, cancellationToken);
        return new V1.ImportResultsResponse
        {
            Runs = { runs.Select(imported => new V1.ImportedRun { Run = Describe(imported.Run), IsNew = imported.IsNew }) },
            KnownRelease = results.All(imported => imported.IsKnownRelease),
            Warnings = { results.SelectMany(imported => imported.Warnings) },
        };
    }
}
