using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using LiveClin.Core.Cases;
using LiveClin.Core.Floors;
using LiveClin.Core.Releases;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Service;

internal sealed partial class EvaluatorRpc
{
    private const string OrdinalPrefix = "ordinal:";

    public override async Task<V1.ListReleasesResponse> ListReleases(V1.ListReleasesRequest request, ServerCallContext context) =>
        new() { Releases = { await releases.ListAsync(context.CancellationToken) } };

    public override async Task<V1.ValidateReleaseResponse> ValidateRelease(V1.ValidateReleaseRequest request, ServerCallContext context)
    {
        var problems = new List<FieldProblem>();
        var source = releases.Locate(request.Release, (field, message) => problems.Add(new FieldProblem(field, message)));
        if (request is { HasLimit: true, Limit: < 1 }) problems.Add(new FieldProblem("limit", "must be at least 1."));
        if (problems.Count > 0) throw RpcErrors.Invalid(problems);
        try
        {
            var release = await ReleaseReader.ReadAsync(
                new ReleaseLocator().Locate(source), new ReleaseOptions { AllowMissingImages = request.AllowMissingImages }, context.CancellationToken);
            return new V1.ValidateReleaseResponse
            {
                Valid = true,
                Release = ReleaseCatalog.Describe(release),
                Issues = { release.Warnings.Select(warning => ToIssue(warning, isError: false)) },
                ImageCount = release.Cases.SelectMany(FiguresOf).Select(figure => figure.File).Where(file => !string.IsNullOrEmpty(file)).Distinct().Count(),
                Floors = { FloorScore.Of([.. release.Cases.Take(request.HasLimit ? request.Limit : int.MaxValue)]).Select(ToFloor) },
            };
        }
        catch (ReleaseException error) when (!error.Problems.IsEmpty)
        {
            return new V1.ValidateReleaseResponse { Issues = { error.Problems.Select(problem => ToIssue(problem, isError: true)) } };
        }
    }

    public override async Task ListCases(V1.ListCasesRequest request, IServerStreamWriter<V1.ListCasesResponse> responseStream, ServerCallContext context)
    {
        using var stop = LinkToStop(context);
        var release = await RequireReleaseAsync(request.Release, stop.Token);
        foreach (var one in release.Cases) await responseStream.WriteAsync(new V1.ListCasesResponse { Case = one.ToSummary() }, stop.Token);
    }

    public override async Task<V1.GetCaseResponse> GetCase(V1.GetCaseRequest request, ServerCallContext context)
    {
        if (request.CaseId.Length == 0) throw RpcErrors.Invalid("case_id", "must name a case.");
        var release = await RequireReleaseAsync(request.Release, context.CancellationToken);
        var one = FindCase(release, request.CaseId)
            ?? throw RpcErrors.Because(Code.NotFound, "CASE_NOT_FOUND", $"Release '{release.Name}' has no case '{request.CaseId}'. ListCases shows what it has.");
        var hashes = new Dictionary<Figure, string?>(ReferenceEqualityComparer.Instance);
        foreach (var figure in FiguresOf(one)) hashes[figure] = await releases.HashAsync(release, figure);
        return new V1.GetCaseResponse { Case = one.ToDetail(figure => hashes[figure]) };
    }

    public override async Task GetImage(V1.GetImageRequest request, IServerStreamWriter<V1.GetImageResponse> responseStream, ServerCallContext context)
    {
        using var stop = LinkToStop(context);
        var image = await files.GetImageAsync(request.Sha256, stop.Token);
        using var content = new MemoryStream(image.Bytes, writable: false);
        await FileStreaming.SendAsync(
            content, responseStream, (data, first) => new V1.GetImageResponse { MediaType = first ? image.MediaType : "", Data = data }, stop.Token);
    }

    private async Task<Release> RequireReleaseAsync(string nameOrSha256, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(nameOrSha256)) throw RpcErrors.Invalid("release", "must be a release's name or the SHA-256 of its JSONL file.");
        return await releases.GetAsync(nameOrSha256, cancellationToken);
    }

    private static Case? FindCase(Release release, string id)
    {
        if (!id.StartsWith(OrdinalPrefix, StringComparison.Ordinal)) return release.Cases.FirstOrDefault(one => one.Id == id || one.FileName == id);
        return int.TryParse(id.AsSpan(OrdinalPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) && ordinal < release.Cases.Length
            ? release.Cases[ordinal]
            : null;
    }

    private static IEnumerable<Figure> FiguresOf(Case one) => one.Figures.Concat(one.Questions.SelectMany(question => question.Figures));

    private static V1.FloorScore ToFloor(FloorScore score) => new()
    {
        ApiId = score.Floor.ApiId, Name = score.Floor.Name,
        CorrectQuestions = score.CorrectQuestions, Questions = score.Questions, CorrectCases = score.CorrectCases, Cases = score.Cases,
    };

    private static V1.ReleaseIssue ToIssue(DataProblem problem, bool isError)
    {
        var issue = new V1.ReleaseIssue { File = problem.File, Field = problem.Field ?? "", Message = problem.Message, IsError = isError };
        if (problem.Line > 0) issue.Line = problem.Line;
        return issue;
    }
}
