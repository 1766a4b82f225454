using Microsoft.JSInterop;

namespace LiveClin.Hosting.Local.Dashboard.Shell;

/// <summary>The little that only the browser knows or can do.</summary>
internal sealed class BrowserState(IJSRuntime js)
{
    public ValueTask<bool> IsDarkAsync() => js.InvokeAsync<bool>("liveclin.isDark");

    public ValueTask SetDarkAsync(bool dark) => js.InvokeVoidAsync("liveclin.setDark", dark);

    public ValueTask FocusAsync(string id) => js.InvokeVoidAsync("liveclin.focus", id);

    /// <summary>Scrolls to the end, unless the reader has scrolled up.</summary>
    public ValueTask FollowAsync(string id, bool force) => js.InvokeVoidAsync("liveclin.follow", id, force);
}
