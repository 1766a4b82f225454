using Grpc.Core;
using LiveClin.Core.Floors;
using LiveClin.Core.Releases;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Service;

internal sealed partial class EvaluatorRpc
{
    public override async Task<V1.ValidateReleaseResponse> ValidateRelease(V1.ValidateReleaseRequest request, ServerCallContext context)
    {
        var problems = new List<FieldProblem>();
        var source = releases.Locate(request.Release, (field, message) => problems.Add(new FieldProblem(field, message)));
        if (request is { HasLimit: true, Limit: < 1 }) problems.Add(new FieldProblem("limit", "must be at least 1."));
        if (problems.Count > 0) throw RpcErrors.Invalid(problems);
        try
        {
            var release = await ReleaseReader.ReadAsync(
                new ReleaseLocator().Locate(source), new ReleaseOptions { AllowMissingImages = request.AllowMissingImages },
                context.CancellationToken);
            return new V1.ValidateReleaseResponse
            {
                Valid = true,
                Release = ReleaseCatalog.Describe(release),
                Issues = { release.Warnings.Select(warning => ToIssue(warning, isError: false)) },
                ImageCount = release.Cases.SelectMany(FiguresOf).Select(figure => figure.File).Where(file => !string.IsNullOrEmpty(file))
                    .Distinct().Count(),
                Floors = { FloorScore.Of([.. release.Cases.Take(request.HasLimit ? request.Limit : int.MaxValue)]).Select(ToFloor) },
            };
        }
        catch (ReleaseException error) when (!error.Problems.IsEmpty)
        {
            return new V1.ValidateReleaseResponse
            {
                Issues =
                {
                    error.Problems.Select(problem => ToIssue(problem, isError: true)),
                    error.Warnings.Select(warning => ToIssue(warning, isError: false)),
                },
            };
        }
    }

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
