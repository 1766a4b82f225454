using Microsoft.AspNetCore.Components;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>A page over a result set: loads what its address names, says what is missing, and tries again while waiting may help.</summary>
public abstract class ResultPage : ComponentBase, IDisposable
{
    // The first response waits this long for the numbers; then it is sent with "loading", and they follow.
    private static readonly TimeSpan PrerenderPatience = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(3);
    private readonly CancellationTokenSource _gone = new();

    /// <summary>Nothing is loaded yet.</summary>
    protected ResultPage() => Gone = _gone.Token;

    /// <summary>The release that the address names; null for the one with most models.</summary>
    [SupplyParameterFromQuery(Name = "release")]
    public string? Release { get; set; }

    /// <summary>The runs that the address lets stand for their model and setting, whichever the rule would take.</summary>
    [SupplyParameterFromQuery(Name = "use")]
    public string[]? Use { get; set; }

    /// <summary>Both, as links carry them.</summary>
    protected (string Name, object? Value)[] Scope => [("release", Release), ("use", Use)];

    /// <summary>What is shown; null while it is being loaded.</summary>
    protected ResultView? View { get; private set; }

    /// <summary>Why nothing is shown.</summary>
    protected PageProblem? Problem { get; private set; }

    /// <summary>Cancelled when the page is left.</summary>
    protected CancellationToken Gone { get; }

    [Inject]
    private ResultViews Views { get; set; } = null!;

    /// <summary>Where the links of the page lead.</summary>
    [Inject]
    protected NavigationManager Navigation { get; private set; } = null!;

    /// <summary>Computes what the page shows from <see cref="View"/> and its own parameters.</summary>
    protected virtual Task ShowAsync(ResultView view) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (RendererInfo.IsInteractive)
        {
            // What the first response showed stays in view while the evaluator is asked for newer results.
            if (View is null && Views.Known(Release, Use) is { } known) await ShowAsync(() => Task.FromResult(known));
            await LoadAsync();
            if (Problem is { MayPass: true }) _ = RetryAsync();
            return;
        }

        // What takes longer goes on in the background, for the interactive page that follows.
        await Task.WhenAny(LoadAsync(), Task.Delay(PrerenderPatience, Gone));
    }

    /// <summary>Loads again.</summary>
    protected async Task LoadAsync() => await ShowAsync(() => Views.GetAsync(Release, Use, Gone));

    private async Task ShowAsync(Func<Task<ResultView>> get)
    {
        try
        {
            var view = await get();
            await ShowAsync(view);
            (View, Problem) = (view, null);
        }
        catch (Exception error) when (!Gone.IsCancellationRequested && PageProblem.Of(error) is { } problem)
        {
            (View, Problem) = (null, problem);
        }
        catch (Exception) when (Gone.IsCancellationRequested)
        {
            // The page was left: whatever its calls ended with, nobody sees it.
        }
    }

    private async Task RetryAsync()
    {
        try
        {
            while (Problem is { MayPass: true })
            {
                await Task.Delay(RetryInterval, Gone);
                await InvokeAsync(async () =>
                {
                    await LoadAsync();
                    StateHasChanged();
                });
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
        GC.SuppressFinalize(this);
    }
}
