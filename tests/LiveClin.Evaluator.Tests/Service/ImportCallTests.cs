using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Imports;
using LiveClin.Evaluator.V1;
using LiveClin.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.Evaluator.Tests.Service;

/// <summary>Published results over the contract: everything comes in, or nothing.</summary>
public sealed class ImportCallTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private RunningEvaluator _evaluator = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Golden(params string[] parts) => GoldenSet.OwnDemo.Recording(parts);

    public async ValueTask InitializeAsync() => _evaluator = await RunningEvaluator.StartAsync(_folder["s.db"]);

    public async ValueTask DisposeAsync()
    {
        await _evaluator.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_zip_of_a_core_folder_gives_its_models_once()
    {
        var zip = _folder["evaluated.zip"];
        ZipFile.CreateFromDirectory(Golden("evaluated"), zip, CompressionLevel.Fastest, includeBaseDirectory: true);
        var imported = await SendAsync(("evaluated.zip", await File.ReadAllBytesAsync(zip, Stop)));
        Assert.Equal([("mock-a", 5, true), ("mock-b", 8, true), ("mock-c", 8, true)],
            imported.Runs.Select(r => (r.Run.Model, r.Run.Progress.Outcomes.Correct, r.IsNew)));
        Assert.False(imported.KnownRelease);
        Assert.All(imported.Runs,
            r => Assert.Equal(("evaluated", "upload of evaluated.zip", V1.RunStatus.Completed),
            (r.Run.ReleaseName, r.Run.Source, r.Run.Status)));

        // The same as single files: nothing new, and the release is known by now.
        var files = Directory.GetFiles(Golden("evaluated"), "*.json").Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))
            .ToArray();
        var again = await SendAsync(files);
        Assert.True(again.KnownRelease);
        Assert.All(again.Runs, r => Assert.False(r.IsNew));
        Assert.Equal(3, Store.ListRuns().Count);
        Assert.DoesNotContain(Store.ListReleases(), r => r.JsonlPath.Contains(Path.GetTempPath(), StringComparison.Ordinal)
            || r.ImageRoot.StartsWith(Path.Combine(Path.GetTempPath(), "liveclin-import"), StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_an_archive_holds_beside_its_case_files_is_counted_and_capitals_are_read()
    {
        var files = Directory.GetFiles(Golden("evaluated"), "PMC*.json");
        var zip = Zip([
            .. files.Select((path, index) =>
                (index == 0 ? Path.GetFileNameWithoutExtension(path) + ".JSON" : Path.GetFileName(path), File.ReadAllText(path))),
            ("notes.txt", "x"), ("figure.png", "x"), ("__MACOSX/._a.json", "x"),
        ]);
        var imported = await SendAsync(("evaluated.zip", zip));
        Assert.All(imported.Runs, run => Assert.Equal(files.Length, run.Run.Progress.CasesTotal));
        Assert.Equal(["evaluated.zip: 2 files that are no JSON files were left out."], imported.Warnings);
    }

    [Fact]
    public async Task A_v1_file_comes_in_over_http()
    {
        using var body = new ByteArrayContent(await File.ReadAllBytesAsync(Golden("results-v1-mock-a.json"), Stop));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _evaluator.Http.PostAsync("/v1/results:import?file_name=mock-a.json", body, Stop);
        var json = JsonNode.Parse(await response.Content.ReadAsStringAsync(Stop))!;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("mock-a", json["runs"]![0]!["run"]!["model"]!.GetValue<string>());

        // What a page of another origin can send without being asked is not taken.
        using var form = new MultipartFormDataContent { { new StringContent("x"), "file", "a.json" } };
        using var refused = await _evaluator.Http.PostAsync("/v1/results:import?file_name=mock-a.json", form, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("content-type", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_one_file_is_wrong_nothing_is_stored()
    {
        var good = await File.ReadAllBytesAsync(Golden("results-v1-mock-a.json"), Stop);
        await RefusedAsync("broken.json", ("good.json", good), ("broken.json", good[..(good.Length / 2)]));
        await RefusedAsync("broken.json", ("good.json", good), ("broken.json", """{"meta":{"model":"m"},"cases":[{"mcqs":7}]}"""u8.ToArray()));
        var caseFile = Directory.GetFiles(Golden("evaluated"), "PMC*.json")[0];
        await RefusedAsync("one after the other", ("good.json", good),
            (Path.GetFileName(caseFile), await File.ReadAllBytesAsync(caseFile, Stop)));
        Assert.Empty(Store.ListRuns());
        Assert.Empty(Store.ListReleases());
    }

    [Fact]
    public async Task Results_that_do_not_fit_the_named_release_are_refused()
    {
        var other = Encoding.UTF8.GetBytes(File.ReadAllText(Golden("results-v1-mock-a.json"))
            .Replace("9000000", "1000000", StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<RpcException>(() => SendAsync("demo", [("other.json", other)]));
        Assert.Contains("do not fit the release demo", error.Status.Detail, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<RpcException>(() => SendAsync("nowhere", [("other.json", other)]));
        Assert.Equal("RELEASE_NOT_FOUND", unknown.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../up.json")]
    [InlineData("/etc/passwd")]
    [InlineData("a\\b.json")]
    [InlineData("C:x.json")]
    [InlineData("nul\0.json")]
    [InlineData("\u001b[31m.json")]
    [InlineData("..")]
    [InlineData("results.txt")]
    public async Task A_name_that_is_no_plain_json_name_is_refused(string name) => await RefusedAsync("", (name, "{}"u8.ToArray()));

    [Fact]
    public async Task Hostile_archives_are_refused_and_leave_nothing()
    {
        // of its folder nothing is heeded
        await RefusedAsync("is no case file: it has no questions", ("a.zip", Zip(("../evil.json", "{\"results\": NaN}"))));
        Assert.False(File.Exists(Path.Combine(Path.GetTempPath(), "evil.json")));
        await RefusedAsync("several folders", ("a.zip", Zip(("a/1.json", "{}"), ("b/2.json", "{}"))));
        await RefusedAsync("came twice", ("a.zip", Zip(("1.json", "{}"), ("1.json", "{}"))));
        await RefusedAsync("no JSON files", ("a.zip", Zip(("1.txt", "{}"))));
        // shorter than 200 characters, and longer than a file's name may be
        await RefusedAsync("no plain file name", ("a.zip", Zip((new string('é', 150) + ".json", "{}"))));
        await RefusedAsync("no plain file name", (new string('漢', 190) + ".json", "{}"u8.ToArray()));
        var whole = Zip(("1.json", "{}"));
        await RefusedAsync("zip", ("a.zip", whole[..^10]));
        whole[10] ^= 0xff;
        await RefusedAsync("", ("a.zip", whole));
        Assert.Empty(Store.ListRuns());
    }

    [Fact]
    public async Task An_upload_that_is_too_much_is_refused_before_it_fills_the_disk()
    {
        await using (var bytes = new Upload(new UploadLimits(Bytes: 10)))
        {
            await bytes.AddAsync("a.json", new byte[8], Stop);
            await Assert.ThrowsAsync<UploadException>(() => bytes.AddAsync("", new byte[8], Stop));
        }

        await using (var bomb = new Upload(new UploadLimits(Unpacked: 1 << 20)))
        {
            await bomb.AddAsync("a.zip", Zip(("1.json", new string(' ', 5 << 20))), Stop);
            Assert.Contains("once unpacked", (await Assert.ThrowsAsync<UploadException>(() => bomb.FinishAsync(Stop))).Message,
                StringComparison.Ordinal);
        }

        await using (var longCase = new Upload(new UploadLimits(CaseFile: 1 << 20)))
        {
            await longCase.AddAsync("a.zip", Zip(("m_a/1.json", "{}"), ("m_a/2.json", new string(' ', 5 << 20))), Stop);
            var message = (await Assert.ThrowsAsync<UploadException>(() => longCase.FinishAsync(Stop))).Message;
            Assert.Contains("2.json has more than 1 MiB", message, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFiles(longCase.Folder)); // not one byte was unpacked
        }

        await using var many = new Upload(new UploadLimits(Files: 5));
        await many.AddAsync("a.zip", Zip([.. Enumerable.Range(0, 30).Select(i => ($"{i}.json", "{}"))]), Stop);
        await Assert.ThrowsAsync<UploadException>(() => many.FinishAsync(Stop));
    }

    [Fact]
    public async Task Damaged_files_are_refused_or_read_but_never_crash_the_service()
    {
        var random = new Random(7);
        var v1 = await File.ReadAllBytesAsync(Golden("results-v1-mock-a.json"), Stop);
        var zip = Zip([.. Directory.GetFiles(Golden("evaluated"), "PMC*.json").Take(2)
            .Select(path => (Path.GetFileName(path), File.ReadAllText(path)))]);
        for (var i = 0; i < 60; i++)
        {
            var bytes = (byte[])(i % 2 == 0 ? v1 : zip).Clone();
            for (var n = random.Next(1, 6); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try { await SendAsync((i % 2 == 0 ? "r.json" : "r.zip", bytes)); }
            catch (RpcException error) { Assert.NotEqual(StatusCode.Internal, error.StatusCode); }
        }
    }

    [Fact]
    public async Task A_caller_that_leaves_stores_nothing()
    {
        using var call = _evaluator.Client.ImportResults(cancellationToken: Stop);
        await call.RequestStream.WriteAsync(new ImportResultsRequest { FileName = "a.json", Data = ByteString.CopyFromUtf8("{") }, Stop);
        call.Dispose();
        Assert.Single((await SendAsync(("good.json", await File.ReadAllBytesAsync(Golden("results-v1-mock-a.json"), Stop)))).Runs);
        Assert.Single(Store.ListRuns());
    }

    private ResultStore Store => _evaluator.Services.GetRequiredService<ResultStore>();

    private async Task RefusedAsync(string words, params (string Name, byte[] Bytes)[] files)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => SendAsync(files));
        Assert.Equal((StatusCode.InvalidArgument, "RESULTS_INVALID"),
            (error.StatusCode, error.GetRpcStatus()!.GetDetail<ErrorInfo>().Reason));
        Assert.Contains(words, error.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Path.GetTempPath(), error.Status.Detail, StringComparison.Ordinal);
    }

    private Task<ImportResultsResponse> SendAsync(params (string Name, byte[] Bytes)[] files) => SendAsync("", files);

    private async Task<ImportResultsResponse> SendAsync(string release, (string Name, byte[] Bytes)[] files)
    {
        const int Chunk = 64 << 10;
        using var call = _evaluator.Client.ImportResults(cancellationToken: Stop);
        try
        {
            foreach (var (name, bytes) in files)
                for (var at = 0; at == 0 || at < bytes.Length; at += Chunk)
                    await call.RequestStream.WriteAsync(new ImportResultsRequest { FileName = at == 0 ? name : "", Release = release,
                        Data = ByteString.CopyFrom(bytes, at, Math.Min(Chunk, bytes.Length - at)) }, Stop);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception error) when (error is RpcException or InvalidOperationException)
        {
            // Refused before all was sent; the response says why.
        }

        return await call;
    }

    [Theory]
    [InlineData(100, "size")]
    [InlineData((5 << 20) - 1, "size")]
    [InlineData((5 << 20) + 1, "size")]
    [InlineData(int.MaxValue, "more than 64 MiB")]
    public async Task An_entry_that_lies_about_its_size_is_refused(int claimed, string expected)
    {
        var zip = Zip(("1.json", "{" + new string(' ', 5 << 20)[2..] + "}"));
        var directory = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BinaryPrimitives.WriteInt32LittleEndian(zip.AsSpan(directory + 24), claimed);
        await using var upload = new Upload(new UploadLimits());
        await upload.AddAsync("a.zip", zip, Stop);

        var message = (await Assert.ThrowsAsync<UploadException>(() => upload.FinishAsync(Stop))).Message;

        Assert.Contains(expected == "size" ? "zip's directory" : expected, message, StringComparison.Ordinal);
        Assert.InRange(Directory.EnumerateFiles(upload.Folder).Sum(file => new FileInfo(file).Length), 0, claimed);
    }

    [Fact]
    public async Task A_case_file_that_is_too_long_is_refused_also_when_it_comes_by_itself()
    {
        await using var upload = new Upload(new UploadLimits(CaseFile: 1000));
        await upload.AddAsync("1.json", Encoding.UTF8.GetBytes("{" + new string(' ', 1000) + "}"), Stop);
        await upload.FinishAsync(Stop);

        var error = Assert.Throws<UploadException>(() => UploadedResults.Read(upload, null, [], "", Stop));

        Assert.Contains("1.json has more than", error.Message, StringComparison.Ordinal);
        Assert.Empty(Store.ListRuns());
    }

    private static byte[] Zip(params (string Name, string Text)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, text) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(Encoding.UTF8.GetBytes(text));
            }

        return bytes.ToArray();
    }
}
