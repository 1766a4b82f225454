using LiveClin.Core.Releases;
using LiveClin.Testing;
using static LiveClin.Core.Tests.Releases.ReleaseFiles;

namespace LiveClin.Core.Tests.Releases;

/// <summary>What only looks like a file makes nobody wait, and has no end that could be waited for.</summary>
public sealed class RegularFileTests : IDisposable
{
    private readonly ReleaseFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_pipe_in_the_place_of_a_release_or_an_image_is_refused_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Pipes with names are Unix's.");
        await NamedPipe.CreateAsync(_files.Jsonl);

        var error = await Assert.ThrowsAnyAsync<ReleaseException>(() => _files.ReadAsync());
        Assert.Contains("is no regular file", error.Message, StringComparison.Ordinal);
        Assert.Throws<IOException>(() => RegularFile.ReadAllBytes(_files.Jsonl));
        File.Delete(_files.Jsonl);
        Directory.CreateDirectory(_files.Path("images"));
        await NamedPipe.CreateAsync(_files.Path("images", "x.png"));
        Assert.Contains("x.png is no regular file", await _files.FailAsync(CaseWithImage("x.png")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_is_no_file_and_a_file_is_read_as_it_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Devices are files in Unix.");
        foreach (var device in new[] { "/dev/zero", "/dev/null", "/proc/self/mem" })
            Assert.Contains("is no regular file", Assert.Throws<IOException>(() => RegularFile.ReadAllBytes(device)).Message,
                StringComparison.Ordinal);
        Assert.Throws<IOException>(() => RegularFile.Require("/dev/null"));
        Assert.Empty(RegularFile.ReadAllBytes(_files.Write("empty.txt", "")));
        RegularFile.Require(_files.Path("empty.txt"));
        Assert.Equal("hello"u8.ToArray(), RegularFile.ReadAllBytes(_files.Write("a.txt", "hello")));
        Assert.Throws<FileNotFoundException>(() => RegularFile.OpenRead(_files.Path("none")));
    }

    [Fact]
    public void What_a_link_leads_to_by_now_is_looked_at_and_not_its_name()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Only Linux says where an open file lies.");
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["root"]);
        File.WriteAllText(folder["secret"], "secret");
        File.WriteAllText(Path.Combine(folder["root"], "a.png"), "image");
        var root = RealPath.Of(folder["root"])!;
        var link = Path.Combine(folder["root"], "b.png");
        File.CreateSymbolicLink(link, "a.png");
        Assert.Equal("image"u8, RegularFile.ReadAllBytes(link, root));
        File.Delete(link);
        File.CreateSymbolicLink(link, folder["secret"]);
        Assert.Contains("leads out of", Assert.Throws<IOException>(() => RegularFile.ReadAllBytes(link, root)).Message,
            StringComparison.Ordinal);
        Assert.Equal("secret"u8, RegularFile.ReadAllBytes(link));
    }
}
