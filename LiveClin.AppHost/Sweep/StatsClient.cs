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

    /// <summary>
    /// One or two sentences on published runs, and one or two on what their models' other conditions show; null when there is nothing to
    /// say, or nobody there to say it.
    /// </summary>
    /// <param name="runIds">The published runs.</param>
    /// <param name="withControls">Whether some model was asked under other conditions.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<(string? Seen, string? Found)> SummarizeAsync(
        IReadOnlyList<string> runIds, bool withControls, CancellationToken cancellationToken)
    {
        if (runIds.Count == 0) return default;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            if (await services.FindEndAsync(stats.Name, patience.Token) is { } ended)
            {
                SweepLog.NoSummary(news.Sweep, ended.Words);
                return default;
            }

            using var channel = GrpcChannel.ForAddress(stats.GetEndpoint("grpc").Url, new GrpcChannelOptions
            {
                // Loopback never goes through a proxy.
                HttpHandler = new TokenHandler(settings.AccessToken, new SocketsHttpHandler
                {
                    UseProxy = false,
                    ActivityHeadersPropagator = null,
                }),
                MaxReceiveMessageSize = 64 << 20,
            });
            var client = new StatsService.StatsServiceClient(channel);
            var selection = new ResultSelection { RunIds = { runIds } };
            var compared = await client.CompareModelsAsync(new CompareModelsRequest { Selection = selection },
                cancellationToken: patience.Token);
            if (!withControls) return (Given(compared.Summary), null);
            var controls = await client.GetControlsAsync(new GetControlsRequest { Selection = selection },
                cancellationToken: patience.Token);
            return (Given(compared.Summary), Given(controls.Summary));
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            SweepLog.NoSummary(news.Sweep, e is RpcException rpc ? RunWatcher.Describe(rpc) : e.Message);
            return default;
        }
    }

    private static string? Given(string summary) => summary.Length > 0 ? summary : null;
}
