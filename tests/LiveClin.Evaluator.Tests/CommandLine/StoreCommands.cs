using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.CommandLine;

/// <summary>Commands on a store of the kind that a subclass names: they say the same of both.</summary>
public abstract class StoreCommands(StoreKind kind) : IAsyncLifetime
{
    private TestStore? _place;

    private protected TemporaryFolder Folder { get; } = new();

    private protected StoreKind Kind => kind;

    /// <summary>The store as an argument.</summary>
    private protected string Store => Place.Argument;

    private protected TestStore Place => _place!;

    public async ValueTask InitializeAsync() => _place = await TestStore.CreateAsync(kind);

    public async ValueTask DisposeAsync()
    {
        if (_place is not null) await _place.DisposeAsync();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>True when nothing has been stored, and no file been made for it.</summary>
    private protected bool IsAbsent()
    {
        if (kind == StoreKind.Sqlite) return !File.Exists(Store);
        var error = Assert.Throws<StoreException>(Place.OpenReadOnly);
        return error.Problem == StoreProblem.Empty;
    }
}
