using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using LiveClin.Core.Cases;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Reading;

internal abstract partial class StoreRpc
{
    private const string OrdinalPrefix = "ordinal:";

    public override async Task<V1.ListReleasesResponse> ListReleases(V1.ListReleasesRequest request, ServerCallContext context) =>
        new() { Releases = { await files.Releases.ListAsync(context.CancellationToken) } };

    public override async Task ListCases(V1.ListCasesRequest request, IServerStreamWriter<V1.ListCasesResponse> responseStream,
        ServerCallContext context)
    {
        using var stop = LinkToStop(context);
        var release = await RequireReleaseAsync(request.Release, stop.Token);
        foreach (var @case in release.Cases)
            await responseStream.WriteAsync(new V1.ListCasesResponse { Case = @case.ToSummary() }, stop.Token);
    }

    public override async Task<V1.GetCaseResponse> GetCase(V1.GetCaseRequest request, ServerCallContext context)
    {
        if (request.CaseId.Length == 0) throw RpcErrors.Invalid("case_id", "must name a case.");
        var release = await RequireReleaseAsync(request.Release, context.CancellationToken);
        var @case = FindCase(release, request.CaseId)
            ?? throw RpcErrors.Because(Code.NotFound, "CASE_NOT_FOUND",
                $"Release '{release.Name}' has no case '{request.CaseId}'. ListCases shows what it has.");
        var hashes = new Dictionary<Figure, string?>(ReferenceEqualityComparer.Instance);
        foreach (var figure in FiguresOf(@case)) hashes[figure] = await files.Releases.HashAsync(release, figure);
        return new V1.GetCaseResponse { Case = @case.ToDetail(figure => hashes[figure]) };
    }

    public override async Task GetImage(V1.GetImageRequest request, IServerStreamWriter<V1.GetImageResponse> responseStream,
        ServerCallContext context)
    {
        using var stop = LinkToStop(context);
        var image = await files.GetImageAsync(request.Sha256, stop.Token);
        using var content = new MemoryStream(image.Bytes, writable: false);
        await FileStreaming.SendAsync(
            content, responseStream, (data, first) =>
                new V1.GetImageResponse { MediaType = first ? image.MediaType : "", Data = data }, stop.Token);
    }

    private async Task<Release> RequireReleaseAsync(string nameOrSha256, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(nameOrSha256))
            throw RpcErrors.Invalid("release", "must be a release's name or the SHA-256 of its JSONL file.");
        return await files.Releases.GetAsync(nameOrSha256, cancellationToken);
    }

    private static Case? FindCase(Release release, string id)
    {
        if (!id.StartsWith(OrdinalPrefix, StringComparison.Ordinal))
            return release.Cases.FirstOrDefault(@case => @case.Id == id || @case.FileName == id);
        return int.TryParse(id.AsSpan(OrdinalPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)
            && ordinal < release.Cases.Length
            ? release.Cases[ordinal]
            : null;
    }

    protected static IEnumerable<Figure> FiguresOf(Case @case) =>
        @case.Figures.Concat(@case.Questions.SelectMany(question => question.Figures));
}
