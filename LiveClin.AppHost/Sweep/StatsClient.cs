using Grpc.Core;
using Grpc.Net.Client;
using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;
using LiveClin.Stats.V1;

namespace LiveClin.AppHost.Sweep;

/// <summary>The statistics service, by its contract: what a sweep showed, in its words.</summary>
internal sealed class StatsClient(ServiceResource stats, SweepSettings settings, ServiceReadiness services, SweepNews news)
{
    // Thirty models on a whole release take their time; nobody waits for more than a sentence.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>One or two sentences on the runs; null when there is nothing to say, or nobody there to say it.</summary>
    public async Task<string?> SummarizeAsync(IReadOnlyList<string> runIds, CancellationToken cancellationToken)
    {
        if (runIds.Count == 0) return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            if (await services.FindProblemAsync(stats.Name, patience.Token) is { } ended)
            {
                SweepLog.NoSummary(news.Sweep, ended);
                return null;
            }

            using var channel = GrpcChannel.ForAddress(stats.GetEndpoint("grpc").Url, new GrpcChannelOptions
            {
                // Loopback never goes through a proxy.
                HttpHandler = new TokenHandler(settings.AccessToken, new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null }),
                MaxReceiveMessageSize = 64 << 20,
            });
            var request = new CompareModelsRequest { Selection = new ResultSelection { RunIds = { runIds } } };
            var response = await new StatsService.StatsServiceClient(channel).CompareModelsAsync(request, cancellationToken: patience.Token);
            return response.Summary.Length > 0 ? response.Summary : null;
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            SweepLog.NoSummary(news.Sweep, e is RpcException rpc ? RunWatcher.Describe(rpc) : e.Message);
            return null;
        }
    }
}
