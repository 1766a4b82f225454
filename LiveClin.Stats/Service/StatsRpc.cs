using Grpc.Core;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.V1;

namespace LiveClin.Stats.Service;

/// <summary>The contract's calls: each loads, computes and maps.</summary>
internal sealed class StatsRpc(ResultSetLoader loader) : StatsService.StatsServiceBase
{
    public override async Task<GetStatisticsResponse> GetStatistics(GetStatisticsRequest request, ServerCallContext context) =>
        PublishedMapping.ToMessage(await LoadAsync(request.Selection, context));

    public override async Task<GetLeaderboardResponse> GetLeaderboard(GetLeaderboardRequest request, ServerCallContext context) =>
        LeaderboardMapping.ToMessage(await LoadAsync(request.Selection, context));

    private Task<ResultSet> LoadAsync(ResultSelection? selection, ServerCallContext context) => loader.LoadAsync(
        new RunSelection
        {
            Release = selection?.Release is { Length: > 0 } release ? release : null,
            RunIds = [.. selection?.RunIds ?? []],
            IgnoredModels = [.. selection?.IgnoredModels ?? []],
        },
        context.CancellationToken);
}
