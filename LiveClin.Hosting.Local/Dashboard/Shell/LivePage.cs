using Microsoft.AspNetCore.Components;

namespace LiveClin.Hosting.Local.Dashboard.Shell;

/// <summary>A page that shows something that changes: reads it anew when its version has grown.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private LiveTimer? _timer;

    /// <summary>Grows with every change of what the page shows.</summary>
    protected abstract long Version { get; }

    /// <summary>Reads what the page shows.</summary>
    protected abstract void Load();

    /// <inheritdoc/>
    protected override void OnInitialized() => _timer = new LiveTimer(() => Version, () => InvokeAsync(() =>
    {
        Load();
        StateHasChanged();
    }));

    /// <inheritdoc/>
    protected override void OnParametersSet() => Load();

    /// <summary>Ends what the page started.</summary>
    public virtual void Dispose()
    {
        _timer?.Dispose();
        GC.SuppressFinalize(this);
    }
}
