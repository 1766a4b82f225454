using Grpc.Core;
using LiveClin.Stats.Controls;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>Loads the newest results as soon as the service is up, so that the first visitor finds them there.</summary>
internal sealed class ViewWarmup(ResultViews views, ControlReader controls, TimeProvider time) : BackgroundService
{
    // An evaluator that is started with the service takes some seconds longer.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var began = time.GetTimestamp();
        while (!await TryAsync(time.GetElapsedTime(began) < Patience, stoppingToken)) await Task.Delay(Pause, time, stoppingToken);
    }

    private async Task<bool> TryAsync(bool mayWait, CancellationToken stoppingToken)
    {
        try
        {
            var view = await views.GetAsync(null, null, stoppingToken);
            await controls.BoardAsync(view.Set, view.Runs, null, stoppingToken);
            return true;
        }
        catch (Exception error) when (stoppingToken.IsCancellationRequested || PageProblem.Of(error) is not null)
        {
            // No evaluator or no runs yet: the pages say so, and look again themselves.
            return !mayWait || error is not RpcException || PageProblem.Of(error) is not { MayPass: true };
        }
    }
}
