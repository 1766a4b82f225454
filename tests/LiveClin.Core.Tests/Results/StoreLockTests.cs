using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using LiveClin.Core.Results;
using LiveClin.Core.Results.Engines;
using LiveClin.Testing;
using Microsoft.Win32.SafeHandles;

namespace LiveClin.Core.Tests.Results;

/// <summary>A file has one writer, whatever name it is opened under.</summary>
public sealed class StoreLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--symbolic")]
    [InlineData("--logical")] // a hard link
    public async Task Another_name_of_the_same_file_is_not_written_to(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links are made with ln.");
        await using (var first = ResultStore.Open(_folder["s.db"]))
        {
            using var link = RequiredProgram.Start(new ProcessStartInfo("ln", [kind, _folder["s.db"], _folder["other.db"]]));
            await link.WaitForExitAsync(TestContext.Current.CancellationToken);
            var expected = kind == "--logical" ? StoreProblem.Other : StoreProblem.Locked;
            Assert.Equal(expected, Assert.Throws<StoreException>(() => ResultStore.Open(_folder["other.db"])).Problem);
            await first.WriteAsync(write => write.AddRelease(SampleRuns.Release));
        }

        if (kind == "--logical")
        {
            // What a killed writer left in its log would be seen under one name only.
            var problem = Assert.Throws<StoreException>(() => ResultStore.Open(_folder["other.db"]));
            Assert.Contains("one of 2 names", problem.Message, StringComparison.Ordinal);
            Assert.Throws<StoreException>(() => ResultStore.Open(_folder["s.db"]));
            Assert.Contains("one of 2 names", Assert.Throws<StoreException>(() => ResultStore.OpenReadOnly(_folder["other.db"])).Message,
                StringComparison.Ordinal);
            File.Delete(_folder["s.db"]);
        }

        await using var again = ResultStore.Open(_folder["other.db"]);
        Assert.Single(again.ListReleases());
    }

    [Theory]
    [InlineData("/srv/b.db", true)]
    [InlineData("/srv", false)]
    [InlineData("/a.db", false)] // the root of the mount, not where it is mounted
    [InlineData("/srv/é and \\.db", true)]
    public void A_file_that_is_a_mount_is_known_from_the_kernels_list(string path, bool expected)
    {
        string[] list =
        [
            "22 1 98:0 / / rw,relatime - ext4 /dev/root rw",
            "36 22 98:0 /a.db /srv/b.db rw,noatime master:1 - ext4 /dev/root rw",
            "37 22 98:0 /c.db /srv/Ã©\\040and\\040\\134.db rw - ext4 /dev/root rw", // bytes, read as Latin-1
        ];
        Assert.Equal(expected, SingleFileMounts.IsAmong(list, path));
    }

    [Fact]
    public async Task Through_a_symbolic_link_the_log_and_the_holder_are_found()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        File.CreateSymbolicLink(_folder["link.db"], _folder["s.db"]);
        await using var first = ResultStore.Open(_folder["s.db"]);
        await using var reader = ResultStore.OpenReadOnly(_folder["link.db"]);
        await first.WriteAsync(write => write.AddRelease(SampleRuns.Release)); // it is in the log
        Assert.Single(reader.ListReleases());
        Assert.Equal(Environment.ProcessId, reader.FindWriter()?.ProcessId);
        var locked = Assert.Throws<StoreException>(() => ResultStore.Open(_folder["link.db"]));
        Assert.Equal(StoreProblem.Locked, locked.Problem);
        Assert.Contains($"process {Environment.ProcessId} on", locked.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reading_the_file_and_closing_it_ends_no_lock()
    {
        await using var first = ResultStore.Open(_folder["s.db"]);
        await File.ReadAllBytesAsync(_folder["s.db"], TestContext.Current.CancellationToken);
        await ResultStore.OpenReadOnly(_folder["s.db"]).DisposeAsync();
        Assert.Equal(StoreProblem.Locked, Assert.Throws<StoreException>(() => ResultStore.Open(_folder["s.db"])).Problem);
    }

    [Fact]
    public async Task A_program_that_is_just_being_started_keeps_no_lock()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Handles are listed in /proc there.");
        var path = _folder["s.db"];
        int[] copies;
        await using (ResultStore.Open(path))
        {
            // What a process has between its birth and its program: every handle once more, of the same open file.
            copies = [.. Directory.EnumerateFileSystemEntries("/proc/self/fd")
                .Where(handle => new FileInfo(handle).LinkTarget == path)
                .Select(handle => Copy(int.Parse(Path.GetFileName(handle), CultureInfo.InvariantCulture)))];
        }

        try
        {
            Assert.NotEmpty(copies);
            await ResultStore.Open(path).DisposeAsync();
        }
        finally
        {
            foreach (var copy in copies) new SafeFileHandle(copy, ownsHandle: true).Dispose();
        }
    }

    [Theory]
    [InlineData("nfs", true, false)]
    [InlineData("nfs4", true, false)]
    [InlineData("cifs", true, false)]
    [InlineData("smb3", true, false)]
    [InlineData("fuse", false, true)]
    [InlineData("fuse.sshfs", false, true)]
    [InlineData("ext4", false, false)]
    public void Folders_of_other_machines_are_known_by_the_kind_of_file_system(string format, bool isNetwork, bool isUnclear) =>
        Assert.Equal((isNetwork, isUnclear), (NetworkFolders.IsNetwork(format), NetworkFolders.IsUnclear(format)));

    [DllImport("libc", EntryPoint = "dup")]
    private static extern int Copy(int handle);
}
