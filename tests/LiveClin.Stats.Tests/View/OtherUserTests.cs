using System.Diagnostics;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.View;

/// <summary><c>view</c> as somebody who can only read: a process without root's rights, a folder without the right to write.</summary>
public sealed class OtherUserTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("closed")]
    [InlineData("copied while in use")]
    [InlineData("in use")]
    public async Task A_store_in_a_folder_that_cannot_be_written_to_is_shown(string state)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The rights of folders are those of Linux.");
        var path = _folder["results.db"];
        await ViewedSample.CreateStoreAsync(_folder["written.db"]);
        await using (var writer = Core.Results.ResultStore.Open(_folder["written.db"]))
        {
            await writer.WriteAsync(write => write.AddRun(SampleRuns.Run("run-last", "last")));
            if (state == "closed") await writer.CheckpointAsync();
            File.Copy(_folder["written.db"], path);
            if (state != "closed") File.Copy(_folder["written.db-wal"], path + "-wal");
            if (state == "in use") File.Copy(_folder["written.db-shm"], path + "-shm");
        }

        Forbid();
        using var view = Start(path);
        var address = await ReadAddressAsync(view);
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
            var html = await http.GetStringAsync("/runs", Stop);
            for (var look = 0; look < 200 && !html.Contains("run-",
                StringComparison.Ordinal); look++) html = await http.GetStringAsync("/runs", Stop);
            Assert.Contains("run-last", html, StringComparison.Ordinal);
            Assert.Contains("run-good", html, StringComparison.Ordinal);
        }
        finally
        {
            view.Kill(entireProcessTree: true);
            await view.WaitForExitAsync(CancellationToken.None);
        }
    }

    private void Forbid()
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        foreach (var file in Directory.GetFiles(_folder.FullName)) File.SetUnixFileMode(file, Read);
        File.SetUnixFileMode(_folder.FullName, Read | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    private static Process Start(string store)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "LiveClin.Stats.dll"), "view", store, "--port", "0"];
        // Root may write anywhere; nobody may not.
        string[] asNobody = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", .. command] : command;
        var start = new ProcessStartInfo(asNobody[0], asNobody[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LiveClin__Access__Anonymous"] = "true"; // the token has tests of its own
        return RequiredProgram.Start(start);
    }

    private static async Task<Uri> ReadAddressAsync(Process view)
    {
        // Sample: /tmp/x/results.db: read-only at http://127.0.0.1:43121 (Ctrl+C ends it)
        var errors = view.StandardError.ReadToEndAsync(Stop);
        var line = await view.StandardOutput.ReadLineAsync(Stop) ?? throw new InvalidOperationException(await errors);
        return new Uri(line.Split(' ').Single(word => word.StartsWith("http", StringComparison.Ordinal)));
    }
}
