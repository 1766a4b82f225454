using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LiveClin.Evaluator.Datasets;
using LiveClin.Testing;
using Microsoft.AspNetCore.Http;

namespace LiveClin.Evaluator.Tests.Datasets;

/// <summary>Downloads survive what hubs, mirrors and networks do, and keep nothing that is wrong.</summary>
public sealed class ReleaseDownloadTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<TimeSpan> _waits = [];
    private FakeHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = (await FakeHub.StartAsync()).WithRelease();

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("2025_H1")]
    [InlineData("2025h1")]
    public async Task A_release_arrives_whole_and_only_it(string name)
    {
        _hub.WithRelease("2024_H2");
        Assert.Equal(_folder["2025_H1"], await DownloadAsync(name));
        AssertWhole();
        Assert.Equal(["2025_H1"], Directory.EnumerateFileSystemEntries(_folder.FullName).Select(Path.GetFileName));
        Assert.Empty(_waits);
        Assert.All(_hub.HubRequests, r => Assert.Equal("Bearer hf_secret", r.Authorization));
        Assert.All(_hub.StoreRequests, r => Assert.Equal("", r.Authorization));
        Assert.Equal(5, _hub.StoreRequests.Count);
        Assert.EndsWith(".jsonl", _hub.HubRequests.Last().Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_there_is_not_fetched_again_and_what_is_damaged_is()
    {
        await DownloadAsync();
        var bytes = await File.ReadAllBytesAsync(_folder["2025_H1/image/2.jpg"], TestContext.Current.CancellationToken);
        bytes[1000] ^= 1;
        await File.WriteAllBytesAsync(_folder["2025_H1/image/2.jpg"], bytes, TestContext.Current.CancellationToken);
        _hub.StoreRequests.Clear();
        await DownloadAsync();
        AssertWhole();
        Assert.Equal(["/data/2025_H1/image/2.jpg"], _hub.StoreRequests.Select(r => r.Path));
    }

    [Fact]
    public async Task Cut_connections_are_continued_where_they_were_cut()
    {
        _hub.Fault = async (context, path, before) =>
        {
            if (!path.EndsWith("/3.jpg", StringComparison.Ordinal) || context.Request.Host.Value != new Uri(_hub.StoreAddress).Authority
                || before > 11) return false;
            var from = before * 20_000; // twelve cuts in a row, more than failures are allowed without progress
            if (from > 0) Assert.Equal($"bytes={from}-", context.Request.Headers.Range);
            await FakeHub.CutAsync(context, _hub.Files["data/2025_H1/image/3.jpg"], from, from + 20_000,
                ArrivedAsync("2025_H1/image/3.jpg"));
            return true;
        };
        await DownloadAsync();
        AssertWhole();
        Assert.Equal(12, _waits.Count);
        Assert.Equal("bytes=240000-", _hub.StoreRequests.Last(r => r.Path.EndsWith("/3.jpg", StringComparison.Ordinal)).Range);
    }

    [Fact]
    public async Task A_download_that_was_given_up_is_continued_by_the_next()
    {
        _hub.Fault = async (context, path, before) =>
        {
            if (!path.EndsWith("/0.jpg", StringComparison.Ordinal) || _hub.StoreRequests.All(r => r.Path != path)) return false;
            if (before == 0)
                await FakeHub.CutAsync(context, _hub.Files["data/2025_H1/image/0.jpg"], 0, 100_000, ArrivedAsync("2025_H1/image/0.jpg"));
            else context.Response.StatusCode = 503;
            return true;
        };
        var e = await Assert.ThrowsAsync<HubException>(() => DownloadAsync());
        Assert.Equal("data/2025_H1/image/0.jpg: 127.0.0.1 answered 503 Service Unavailable (given up after 6 tries). What has arrived is kept; the same command continues.", e.Message);
        Assert.False(e.IsSetup);
        Assert.False(File.Exists(_folder["2025_H1/2025_H1.jsonl"]));
        Assert.Single(Directory.GetFiles(_folder["2025_H1/image"], "0.jpg.*.incomplete"));

        _hub.Fault = (_, _, _) => Task.FromResult(false);
        _hub.StoreRequests.Clear();
        await DownloadAsync();
        AssertWhole();
        Assert.Equal("bytes=100000-", _hub.StoreRequests.Single(r => r.Path.EndsWith("/0.jpg", StringComparison.Ordinal)).Range);
    }

    [Fact]
    public async Task A_server_without_ranges_starts_anew()
    {
        Directory.CreateDirectory(_folder["2025_H1/image"]);
        var hash = (await ListedHashAsync("data/2025_H1/image/1.jpg"))[..8];
        await File.WriteAllBytesAsync(_folder[$"2025_H1/image/1.jpg.{hash}.incomplete"], new byte[5000],
            TestContext.Current.CancellationToken);
        _hub.Fault = async (context, path, _) =>
        {
            if (context.Request.Headers.Range.Count == 0 || context.Request.Host.Value != new Uri(_hub.StoreAddress).Authority)
                return false;
            await context.Response.Body.WriteAsync(_hub.Files[path[1..]]);
            return true;
        };
        await DownloadAsync();
        AssertWhole();
    }

    [Fact]
    public async Task A_wrong_beginning_is_found_by_the_hash_and_fetched_anew()
    {
        Directory.CreateDirectory(_folder["2025_H1/image"]);
        var hash = (await ListedHashAsync("data/2025_H1/image/1.jpg"))[..8];
        await File.WriteAllBytesAsync(_folder[$"2025_H1/image/1.jpg.{hash}.incomplete"], new byte[5000],
            TestContext.Current.CancellationToken);
        await DownloadAsync();
        AssertWhole();
        Assert.Equal(["bytes=5000-", ""],
            _hub.StoreRequests.Where(r => r.Path.EndsWith("/1.jpg", StringComparison.Ordinal)).Select(r => r.Range));
    }

    [Theory]
    [InlineData("data/2025_H1/image/4.jpg", "SHA-256")]
    [InlineData("data/2025_H1/2025_H1.jsonl", "git blob hash")]
    public async Task Wrong_content_is_not_kept(string path, string hash)
    {
        var right = (byte[])_hub.Files[path].Clone();
        _hub.Listed[path] = await EntryAsync(path);
        _hub.Files[path][0] ^= 1;
        var e = await Assert.ThrowsAsync<HubException>(() => DownloadAsync());
        Assert.StartsWith($"{path}: what arrives has the {hash} ", e.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder[path["data/".Length..]]));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.FullName, "*.incomplete", SearchOption.AllDirectories),
            f => f.Contains(Path.GetFileName(path), StringComparison.Ordinal));
        _hub.Files[path] = right;
        await DownloadAsync();
        AssertWhole();
    }

    [Fact]
    public async Task Busy_hubs_are_given_the_time_they_ask_for()
    {
        _hub.Fault = (context, _, before) =>
        {
            if (before > 0) return Task.FromResult(false);
            context.Response.StatusCode = before == 0 && context.Request.Path.Value!.Contains("tree", StringComparison.Ordinal) ? 429 : 500;
            context.Response.Headers.RetryAfter = "7";
            return Task.FromResult(true);
        };
        await DownloadAsync();
        AssertWhole();
        Assert.Equal(1 + 5 * 2 + 1, _waits.Count);
        Assert.All(_waits, w => Assert.Equal(TimeSpan.FromSeconds(7), w));
    }

    [Theory]
    [InlineData(401, "The hub does not accept the token in HF_TOKEN (401). Make one that may read AQ-MedAI/LiveClin, or unset it if the dataset is public.")]
    [InlineData(403, "The hub refuses access to AQ-MedAI/LiveClin (403). Accept the dataset's conditions at {0}datasets/AQ-MedAI/LiveClin with the account of HF_TOKEN.")]
    [InlineData(404, "{0} has no dataset AQ-MedAI/LiveClin with a data folder at main (404). A private one needs HF_TOKEN.")]
    public async Task Refusals_are_explained_and_not_repeated(int status, string message)
    {
        _hub.Fault = (context, _, _) =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        };
        var e = await Assert.ThrowsAsync<HubException>(() => DownloadAsync());
        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, message, _hub.Settings.Endpoint), e.Message);
        Assert.True(e.IsSetup);
        Assert.Empty(_waits);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public async Task Without_a_token_none_is_sent_and_401_says_to_set_one()
    {
        _hub.Fault = (context, _, _) =>
        {
            context.Response.StatusCode = 401;
            return Task.FromResult(true);
        };
        var e = await Assert.ThrowsAsync<HubException>(() => DownloadAsync(settings: _hub.Settings with { Token = null }));
        Assert.Equal("The hub wants a login for AQ-MedAI/LiveClin (401), which is also its answer when no such dataset exists. Set HF_TOKEN to a token that may read it.", e.Message);
        Assert.All(_hub.HubRequests, r => Assert.Equal("", r.Authorization));
    }

    [Fact]
    public async Task An_unknown_release_names_those_there_are()
    {
        _hub.WithRelease("2024_H2");
        var e = await Assert.ThrowsAsync<HubException>(() => DownloadAsync("2031_H1"));
        Assert.Equal("AQ-MedAI/LiveClin has no release '2031_H1'; it has 2024_H2, 2025_H1.", e.Message);
    }

    [Theory]
    [InlineData("data/2025_H1/../../../evil")]
    [InlineData("data/2025_H1//etc/evil")]
    [InlineData("/etc/evil")]
    [InlineData("data/2025_H1/..\\evil")]
    [InlineData("data/2025_H1x/evil")]
    public async Task Listed_paths_that_leave_the_folder_are_refused(string path)
    {
        _hub.Listed["evil"] = new JsonObject { ["type"] = "file", ["path"] = path, ["size"] = 1, ["oid"] = new string('0', 40) };
        var e = await Assert.ThrowsAsync<HubException>(() => DownloadAsync());
        Assert.Equal($"The hub's listing of data/2025_H1 names '{path}', which is not a path below it. Nothing was downloaded.", e.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.FullName));
    }

    [Fact]
    public async Task Redirects_without_end_and_to_other_schemes_are_not_followed()
    {
        _hub.Fault = (context, path, _) =>
        {
            if (path.Contains("/tree/", StringComparison.Ordinal)) return Task.FromResult(false);
            context.Response.Redirect(path.EndsWith(".jsonl", StringComparison.Ordinal) ? "file:///etc/passwd" : path);
            return Task.FromResult(true);
        };
        var e = await Assert.ThrowsAsync<HubException>(() => DownloadAsync());
        Assert.EndsWith(" redirects more than 10 times.", e.Message, StringComparison.Ordinal);
        foreach (var image in _hub.Files.Keys.Where(k => k.EndsWith(".jpg", StringComparison.Ordinal)).ToList()) _hub.Files.Remove(image);
        e = await Assert.ThrowsAsync<HubException>(() => DownloadAsync());
        Assert.EndsWith(" redirects to an address that is not safe to follow (file).", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_is_a_failure_that_is_tried_again()
    {
        var silent = 0;
        _hub.Fault = async (context, path, _) =>
        {
            if (!path.EndsWith(".jsonl", StringComparison.Ordinal) || Interlocked.Increment(ref silent) > 2) return false;
            if (silent == 1) await context.Response.StartAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        await DownloadAsync(settings: _hub.Settings with { Patience = TimeSpan.FromMilliseconds(500) });
        AssertWhole();
    }

    [Fact]
    public async Task Something_that_is_no_hub_is_named()
    {
        _hub.Fault = async (context, _, _) =>
        {
            await context.Response.WriteAsync("<html>Welcome</html>");
            return true;
        };
        var e = await Assert.ThrowsAsync<HubException>(() => DownloadAsync());
        Assert.EndsWith("Is HF_ENDPOINT the address of a hub?", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_at_once_do_not_mix_their_bytes()
    {
        Directory.CreateDirectory(_folder["2025_H1/image"]);
        var incomplete = _folder[$"2025_H1/image/1.jpg.{(await ListedHashAsync("data/2025_H1/image/1.jpg"))[..8]}.incomplete"];
        await using (new FileStream(incomplete, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            var e = await Assert.ThrowsAsync<HubException>(() => DownloadAsync());
            Assert.StartsWith($"{incomplete} cannot be opened; is another process downloading the same release? ", e.Message,
                StringComparison.Ordinal);
        }

        await DownloadAsync();
        AssertWhole();
    }

    [Fact]
    public async Task Cancelling_keeps_what_has_arrived()
    {
        using var cancel = new CancellationTokenSource();
        _hub.Fault = async (context, path, _) =>
        {
            if (!path.EndsWith("/0.jpg", StringComparison.Ordinal) || context.Request.Host.Value != new Uri(_hub.StoreAddress).Authority)
                return false;
            await context.Response.Body.WriteAsync(_hub.Files[path[1..]].AsMemory(0, 50_000));
            await context.Response.Body.FlushAsync();
            await ArrivedAsync("2025_H1/image/0.jpg")(50_000);
            await cancel.CancelAsync();
            return true;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => DownloadAsync(cancel: cancel.Token));
        Assert.Equal(50_000, new FileInfo(Directory.GetFiles(_folder["2025_H1/image"], "0.jpg.*.incomplete").Single()).Length);
    }

    private Task<string> DownloadAsync(string name = "2025_H1", HubSettings? settings = null, CancellationToken? cancel = null) =>
        new ReleaseDownload(settings ?? _hub.Settings, TimeProvider.System, (wait, _) =>
        {
            _waits.Enqueue(wait);
            return Task.CompletedTask;
        }).RunAsync(name, _folder.FullName, (_, _) => { }, cancel ?? TestContext.Current.CancellationToken);

    // Completes when so much of a file is on the disk: an aborted connection may take bytes with it.
    private Func<int, Task> ArrivedAsync(string file) => async size =>
    {
        var path = _folder[file];
        while (Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + ".*").All(f => new FileInfo(f).Length < size))
            await Task.Delay(1);
    };

    private void AssertWhole()
    {
        var expected = _hub.Files.Where(f => f.Key.StartsWith("data/2025_H1/", StringComparison.Ordinal)).ToList();
        Assert.Equal(expected.Select(f => f.Key["data/".Length..]).Order(),
            Directory.EnumerateFiles(_folder["2025_H1"], "*", SearchOption.AllDirectories).Select(f => f[(_folder.FullName.Length + 1)..])
            .Order());
        foreach (var (path, content) in expected) Assert.Equal(content, File.ReadAllBytes(_folder[path["data/".Length..]]));
    }

    private async Task<string> ListedHashAsync(string path) => (string)(await EntryAsync(path))["lfs"]!["oid"]!;

    private async Task<JsonObject> EntryAsync(string path)
    {
        using var client = new HttpClient();
        _hub.PageSize = 100;
        var listing = JsonNode.Parse(
            await client.GetStringAsync(new Uri(_hub.Settings.Endpoint,
            "/api/datasets/AQ-MedAI/LiveClin/tree/main/data/2025_H1?recursive=true"), TestContext.Current.CancellationToken));
        _hub.HubRequests.Clear();
        return (JsonObject)listing!.AsArray().Single(e => (string)e!["path"]! == path)!.DeepClone();
    }
}
