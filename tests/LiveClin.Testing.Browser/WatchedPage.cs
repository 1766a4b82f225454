using Microsoft.Playwright;
using Xunit;

namespace LiveClin.Testing.Browser;

/// <summary>
/// A page of which everything that should not happen is noted: script errors, refused scripts, dialogs, requests to other machines.
/// Closed with its test: left open it would go on asking its ended server for a connection, and take the processor from the tests that
/// follow.
/// </summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private readonly List<string> _errors = [];

    internal WatchedPage(IPage page)
    {
        Page = page;
        page.PageError += (_, error) => Note(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") Note($"{message.Text} {message.Location} on {page.Url}");
        };
        page.Dialog += (_, dialog) =>
        {
            Note("dialog: " + dialog.Message);
            _ = dialog.DismissAsync();
        };
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { IsLoopback: false, Scheme: not ("data" or "blob") }) Note("request to " + request.Url);
        };
    }

    /// <summary>What a test drives.</summary>
    public IPage Page { get; }

    /// <summary>Fails with what was noted, if anything was.</summary>
    public void AssertNoErrors()
    {
        lock (_errors) Assert.True(_errors.Count == 0, string.Join('\n', _errors));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    // Playwright tells of it on threads of its own.
    private void Note(string error)
    {
        lock (_errors) _errors.Add(error);
    }
}
