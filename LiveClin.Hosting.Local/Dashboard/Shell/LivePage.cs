using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace LiveClin.Hosting.Local.Dashboard.Shell;

/// <summary>A page that shows something that changes: reads it anew when its version has grown. What it shows of it stands in its address.</summary>
public abstract class LivePage : ComponentBase, IDisposable
{
    private readonly Queue<string> _underWay = new();
    private LiveTimer? _timer;

    /// <summary>The page's address.</summary>
    [Inject]
    protected NavigationManager Navigation { get; set; } = null!;

    /// <summary>Grows with every change of what the page shows.</summary>
    protected abstract long Version { get; }

    /// <summary>Reads what the page shows.</summary>
    protected abstract void Load();

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += OnArrived;
        _timer = new LiveTimer(() => Version, () => InvokeAsync(() =>
        {
            Load();
            StateHasChanged();
        }));
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => Load();

    /// <summary>Puts choices into the page's address; null takes one out.</summary>
    protected void Choose(params (string Name, string? Value)[] choices)
    {
        // The address follows only after a way to the browser and back: what is chosen until then adds to what was chosen before.
        var address = Navigation.GetUriWithQueryParameters(_underWay.LastOrDefault(Navigation.Uri), choices.ToDictionary(c => c.Name, c => (object?)c.Value));
        _underWay.Enqueue(address);
        Navigation.NavigateTo(address);
    }

    /// <summary>Ends what the page started.</summary>
    public virtual void Dispose()
    {
        Navigation.LocationChanged -= OnArrived;
        _timer?.Dispose();
        GC.SuppressFinalize(this);
    }

    // Whoever goes elsewhere meanwhile leaves nothing under way.
    private void OnArrived(object? sender, LocationChangedEventArgs arrived)
    {
        while (_underWay.TryDequeue(out var address) && address != arrived.Location)
        {
        }
    }
}
