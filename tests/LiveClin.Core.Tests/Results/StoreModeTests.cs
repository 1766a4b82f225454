using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Results;

/// <summary>A store is its owner's; what the owner has opened to others stays open, with all that lies beside it.</summary>
public sealed class StoreModeTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Companions_have_the_stores_mode(bool isOpened)
    {
        if (OperatingSystem.IsWindows()) return; // modes are those of Unix
        const UnixFileMode Wider = Private | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        if (isOpened)
        {
            await ResultStore.Open(_folder["s.db"]).DisposeAsync();
            File.SetUnixFileMode(_folder["s.db"], Wider);
        }

        await using var store = ResultStore.Open(_folder["s.db"]);
        await store.WriteAsync(write => write.AddRelease(SampleRuns.Release));

        var files = Directory.GetFiles(_folder.FullName);
        Assert.Equal(["s.db", "s.db-shm", "s.db-wal", "s.db.writer"], files.Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var file in files) Assert.Equal(isOpened ? Wider : Private, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_backup_is_its_owners_like_a_new_store()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var store = ResultStore.Open(_folder["s.db"]);
        await store.WriteAsync(write => write.AddRelease(SampleRuns.Release));
        store.BackUpTo(_folder["copy.db"]);
        Assert.Equal(Private, File.GetUnixFileMode(_folder["copy.db"]));
    }
}
