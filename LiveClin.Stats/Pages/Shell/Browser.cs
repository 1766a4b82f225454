using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>The little that only the browser knows or can do.</summary>
internal sealed class Browser(IJSRuntime js)
{
    public ValueTask<bool> IsDarkAsync() => js.InvokeAsync<bool>("liveclin.isDark");

    public ValueTask SetDarkAsync(bool dark) => js.InvokeVoidAsync("liveclin.setDark", dark);

    /// <summary>Scrolls a table to a row, and keeps the address saying which row is on top from then on.</summary>
    public ValueTask ShowRowAsync(ElementReference region, int row, int rows) => js.InvokeVoidAsync("liveclin.showRow", region, row, rows);

    public ValueTask FocusAsync(string id) => js.InvokeVoidAsync("liveclin.focus", id);
}
