using Microsoft.JSInterop;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>The little that only the browser knows or can do.</summary>
internal sealed class Browser(IJSRuntime js)
{
    public ValueTask<bool> IsDarkAsync() => js.InvokeAsync<bool>("liveclin.isDark");

    public ValueTask SetDarkAsync(bool dark) => js.InvokeVoidAsync("liveclin.setDark", dark);

    public ValueTask FocusAsync(string id) => js.InvokeVoidAsync("liveclin.focus", id);
}
