using System.IO.Compression;
using System.Text;
using LiveClin.Core.Releases;
using static LiveClin.Core.Tests.Releases.ReleaseFiles;

namespace LiveClin.Core.Tests.Releases;

/// <summary>images.zip becomes a folder, all at once or not at all.</summary>
public sealed class ImageArchiveTests : IDisposable
{
    private static readonly ImageArchiveLimits Small = new(Entries: 5, FileBytes: 1000, TotalBytes: 2000, Ratio: 100);

    private readonly ReleaseFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("x.png", "sub/y.png")]
    [InlineData("images/x.png", "images/sub/y.png", "images/", "__MACOSX/images/._x.png", "images/.DS_Store")]
    [InlineData("image/x.png", "image/sub/y.png", "Thumbs.db")]
    [InlineData("./x.png", "sub//y.png")]
    public async Task A_release_is_unpacked_when_it_is_read(params string[] names)
    {
        Zip([.. names.Select(n => (n, "x"))]);
        var release = await _files.ReadAsync(CaseWithImage("x.png") + "\n" + CaseWithImage("sub/y.png", "2"));
        Assert.All(release.Warnings, warning => Assert.Contains("no image of a known kind", warning.Message, StringComparison.Ordinal));
        Assert.Equal(["images", "images/sub", "images/sub/y.png", "images/x.png"], Below("images"));
        Assert.Equal(["images", "images.zip", "t.jsonl"],
            Directory.EnumerateFileSystemEntries(_files.Root).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("../x.png", "entry '../x.png' leaves the folder")]
    [InlineData("a/../../x.png", "entry 'a/../../x.png' leaves the folder")]
    [InlineData("/etc/x.png", "entry '/etc/x.png' has an absolute path")]
    [InlineData("C:x.png", "entry 'C:x.png' has an absolute path")]
    [InlineData("a\\..\\..\\x.png", "entry 'a\\..\\..\\x.png' has a Windows path")]
    [InlineData("OK.PNG", "entry 'OK.PNG' is there twice, or differs from another only in case")]
    [InlineData("ok.png", "entry 'ok.png' is there twice, or differs from another only in case")]
    [InlineData("ok.png/x.png", "entry 'ok.png' is a file and a folder")]
    public Task Hostile_names(string name, string message) => RefusedAsync(message, ("ok.png", "x"), (name, "x"));

    [Fact]
    public async Task Links_and_special_files()
    {
        foreach (var type in new[] { 0xA000, 0x1000, 0x2000, 0x6000, 0xC000 })
        {
            using (var zip = ZipFile.Open(_files.Path("images.zip"), ZipArchiveMode.Create)) zip.CreateEntry("x.png")
                .ExternalAttributes = (type | 0x1ff) << 16;
            await RefusedAsync("entry 'x.png' is a link or a special file");
            File.Delete(_files.Path("images.zip"));
        }
    }

    [Fact]
    public Task Too_many_entries() => RefusedAsync("has more than 5 entries", [.. Enumerable.Range(0, 6).Select(i => ($"{i}.png", "x"))]);

    [Fact]
    public Task A_file_too_large() => RefusedAsync("entry 'x.png' would have 1001 bytes, more than 1000", ("x.png", new string('x', 1001)));

    [Fact]
    public Task All_files_too_large() =>
        RefusedAsync("would unpack to 2997 bytes, more than 2000", ("x.png", new string('x', 999)), ("y.png", new string('x', 999)),
        ("z.png", new string('x', 999)));

    [Fact]
    public Task Nothing_in_it() => RefusedAsync("holds no files", ("images/", ""));

    [Fact]
    public async Task A_bomb()
    {
        Zip(("x.png", new string('x', 20_000_000)));
        var e = await Assert.ThrowsAsync<ReleaseException>(() => UnpackAsync(ImageArchiveLimits.Default));
        Assert.Equal($"{_files.Path("images.zip")}: would unpack to 20000000 bytes, more than 100 times its size; that is no archive of images; nothing was unpacked", e.Message);
    }

    [Fact]
    public async Task An_archive_that_lies_about_sizes()
    {
        Zip(("x.png", new string('x', 900)));
        var bytes = await File.ReadAllBytesAsync(_files.Path("images.zip"), TestContext.Current.CancellationToken);
        for (var at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(900)); at >= 0; at = bytes.AsSpan().IndexOf(BitConverter.GetBytes(900)))
            bytes[at] = 7;
        _files.Write("images.zip", bytes);
        await RefusedAsync("entry 'x.png' is damaged");
    }

    [Fact]
    public async Task A_damaged_archive_leaves_nothing_behind()
    {
        Zip(("x.png", "hello"), ("y.png", "world"));
        var whole = await File.ReadAllBytesAsync(_files.Path("images.zip"), TestContext.Current.CancellationToken);
        for (var cut = 0; cut < whole.Length; cut += 7)
        {
            _files.Write("images.zip", whole[..cut]);
            Assert.IsType<ReleaseException>(await Record.ExceptionAsync(() => UnpackAsync(Small)));
        }

        for (var at = 0; at < whole.Length; at++)
        {
            var broken = (byte[])whole.Clone();
            broken[at] ^= 0x55;
            _files.Write("images.zip", broken);
            var e = await Record.ExceptionAsync(() => UnpackAsync(Small));
            if (e is not null) Assert.IsType<ReleaseException>(e);
            else Directory.Delete(_files.Path("images"), recursive: true);
        }
    }

    [Fact]
    public async Task What_a_killed_process_left_is_removed()
    {
        Zip(("x.png", "x"));
        Directory.CreateDirectory(_files.Path("images.unpacking-new"));
        Directory.SetLastWriteTimeUtc(Directory.CreateDirectory(_files.Path("images.unpacking-old", "sub")).Parent!.FullName,
            DateTime.UtcNow.AddHours(-2));
        await UnpackAsync(Small);
        Assert.Equal(["images", "images.unpacking-new", "images.zip"],
            Directory.EnumerateFileSystemEntries(_files.Root).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Many_at_once_give_one_whole_folder()
    {
        Zip([.. Enumerable.Range(0, 200).Select(i => ($"{i}.png", $"{i}"))]);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => UnpackAsync(ImageArchiveLimits.Default))));
        Assert.Equal(200, Directory.GetFiles(_files.Path("images")).Length);
        Assert.Equal(["images", "images.zip"], Directory.EnumerateFileSystemEntries(_files.Root).Select(Path.GetFileName).Order());
    }

    private async Task RefusedAsync(string message, params (string Name, string Text)[] entries)
    {
        if (entries.Length > 0) Zip(entries);
        var e = await Assert.ThrowsAsync<ReleaseException>(() => UnpackAsync(Small));
        Assert.Equal($"{_files.Path("images.zip")}: {message}; nothing was unpacked", e.Message);
        Assert.Equal(["images.zip"], Directory.EnumerateFileSystemEntries(_files.Root).Select(Path.GetFileName));
    }

    private Task UnpackAsync(ImageArchiveLimits limits) =>
        ImageArchive.UnpackAsync(_files.Path("images.zip"), _files.Path("images"), limits, TestContext.Current.CancellationToken);

    private void Zip(params (string Name, string Text)[] entries)
    {
        using var zip = ZipFile.Open(_files.Path("images.zip"), ZipArchiveMode.Create, Encoding.UTF8);
        foreach (var (name, text) in entries)
        {
            using var entry = zip.CreateEntry(name).Open();
            entry.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    private string[] Below(string folder) =>
        [folder, .. Directory.EnumerateFileSystemEntries(_files.Path(folder), "*", SearchOption.AllDirectories)
            .Select(p => p[(_files.Root.Length + 1)..]).Order(StringComparer.Ordinal)];
}
