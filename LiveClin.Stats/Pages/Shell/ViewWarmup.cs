using LiveClin.Stats.Controls;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>Loads the newest results as soon as the service is up, so that the first visitor finds them there.</summary>
internal sealed class ViewWarmup(ResultViews views, ControlReader controls) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            var view = await views.GetAsync(null, null, stoppingToken);
            await controls.BoardAsync(view.Set, view.Runs, null, stoppingToken);
        }
        catch (Exception error) when (stoppingToken.IsCancellationRequested || PageProblem.Of(error) is not null)
        {
            // No evaluator or no runs yet: the pages say so, and look again themselves.
        }
    }
}
