using System.IO.Compression;
using System.Text;
using LiveClin.Core.Bundles;
using LiveClin.Core.Results;
using LiveClin.Stats.Bundles;
using LiveClin.Stats.Tests.CommandLine;
using LiveClin.Stats.Tests.View;
using LiveClin.Testing;

namespace LiveClin.Stats.Tests.Bundles;

/// <summary><c>bundle</c>, <c>verify-bundle</c> and <c>view FILE.zip</c>.</summary>
public sealed class BundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string StorePath => _folder["results.db"];

    private string BundlePath => _folder["bundle.zip"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_runs_give_the_same_bytes_which_verify_and_which_other_programs_can_unpack()
    {
        await MakeAsync(BundlePath);
        await StatsCommands.RunAsync("bundle", "--store", StorePath, "--run", "run-poor", "run-good", "--output", _folder["again.zip"]);
        Assert.Equal(await File.ReadAllBytesAsync(BundlePath, Stop), await File.ReadAllBytesAsync(_folder["again.zip"], Stop));
        var verified = await StatsCommands.RunAsync("verify-bundle", BundlePath);
        Assert.Equal((0, ""), (verified.Code, verified.Error));

        using var zip = await ZipFile.OpenReadAsync(BundlePath, Stop);
        Assert.Equal(zip.Entries.Count, zip.Entries.Select(entry => entry.FullName).Distinct().Count());
        foreach (var name in (string[])["manifest.json", "cases.jsonl", "prompts.jsonl", "runs/1/run.json", "runs/2/answers.jsonl",
            "report/report.json", "report/report.html", "report/plots/forest.svg", "SHA256SUMS"])
            Assert.NotNull(zip.GetEntry(name));
    }

    [Fact]
    public async Task Nothing_says_where_on_a_machine_the_data_lay_and_what_is_unknown_is_said()
    {
        await MakeAsync(BundlePath);
        var text = await File.ReadAllTextAsync(BundlePath, Encoding.Latin1, Stop);
        Assert.DoesNotContain("/nowhere", text, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.FullName, text, StringComparison.Ordinal);
        Assert.Contains("\"unknown\":[\"environments\"]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_flipped_bit_anywhere_is_named()
    {
        await MakeAsync(BundlePath);
        var good = await File.ReadAllBytesAsync(BundlePath, Stop);
        var random = new Random(1);
        // Everywhere, and every byte of the beginning, of the end, and of the zip's directory.
        var directory = good.AsSpan().IndexOf("PK\u0001\u0002"u8);
        var positions = Enumerable.Range(0, 400).Select(_ => random.Next(good.Length)).Concat(Enumerable.Range(0, 64))
            .Concat(Enumerable.Range(directory, good.Length - directory));
        var path = _folder["flipped.zip"];
        foreach (var position in positions)
        {
            var flipped = good.ToArray();
            flipped[position] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(path, flipped, Stop);
            var problems = await BundleVerifier.FindProblemsAsync(path, Stop);
            Assert.True(problems.Count > 0, $"bit at byte {position} went unnoticed");
            Assert.All(problems, problem => Assert.True(problem.Length > 10));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task A_cut_or_a_longer_file_is_named(int bytes)
    {
        await MakeAsync(BundlePath);
        var good = await File.ReadAllBytesAsync(BundlePath, Stop);
        await File.WriteAllBytesAsync(_folder["cut.zip"], good[..^bytes], Stop);
        await File.WriteAllBytesAsync(_folder["long.zip"], [.. good, .. new byte[bytes]], Stop);
        Assert.Equal(1, (await StatsCommands.RunAsync("verify-bundle", _folder["cut.zip"])).Code);
        Assert.Contains($"Byte {good.Length}:", (await StatsCommands.RunAsync("verify-bundle", _folder["long.zip"])).Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runs/1/answers.jsonl", "\"letter\":\"A\"", "\"letter\":\"B\"", "does not give letter B")]
    [InlineData("report/report.md", "good", "best", "report/report.md")]
    [InlineData("report/report.json", "\"questions\": 5", "\"questions\": 6", "$.questions is 6; the answers give 5")]
    [InlineData("runs/1/run.json", "\"model\":\"good\"", "\"model\":\"evil\"", "identity")]
    [InlineData("manifest.json", "\"format\":3", "\"format\":9", "form 9")]
    [InlineData("cases.jsonl", "{", "[", "cases.jsonl, line 1")]
    public async Task What_was_changed_and_summed_again_is_named(string file, string from, string to, string expected)
    {
        await MakeAsync(BundlePath);
        await ChangeAsync(file, from, to);
        var verified = await StatsCommands.RunAsync("verify-bundle", BundlePath);
        Assert.Equal(1, verified.Code);
        Assert.Contains(expected, verified.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../outside.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("report/./x")]
    [InlineData("a\\b")]
    public async Task Names_that_are_no_names_are_refused_and_foreign_files_are_named(string name)
    {
        await MakeAsync(BundlePath);
        var entries = CanonicalZip.Read(await File.ReadAllBytesAsync(BundlePath, Stop));
        Write(new BundleFiles([.. entries, new BundleEntry(name, "x"u8.ToArray())]));
        Assert.Equal(1, (await StatsCommands.RunAsync("verify-bundle", BundlePath)).Code);
        Assert.Equal(2, (await StatsCommands.RunAsync("view", BundlePath, "--port", "0")).Code);
        Write(new BundleFiles([.. entries, new BundleEntry("runs/1/extra.txt", "x"u8.ToArray())]));
        Assert.Contains("runs/1/extra.txt does not belong", (await StatsCommands.RunAsync("verify-bundle", BundlePath)).Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_programs_zip_is_refused_in_words()
    {
        Directory.CreateDirectory(_folder["content"]);
        await File.WriteAllTextAsync(_folder["content/manifest.json"], "{}", Stop);
        await ZipFile.CreateFromDirectoryAsync(_folder["content"], BundlePath, Stop);
        Assert.Contains("packed again", (await StatsCommands.RunAsync("view", BundlePath, "--port", "0")).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await StatsCommands.RunAsync("verify-bundle", _folder["none.zip"])).Code);
    }

    [Fact]
    public async Task A_bundle_is_shown_like_a_store()
    {
        await MakeAsync(BundlePath);
        await using var bundle = await OpenBundle.OpenAsync(await OpenBundle.ReadFilesAsync(BundlePath, Stop));
        Assert.Equal(["run-poor", "run-good"], bundle.Store.ListRuns().Select(run => run.Id));
        await using var source = ResultStore.OpenReadOnly(StorePath);
        foreach (var id in bundle.Manifest.Runs) Assert.Equal(source.GetAnswers(id), bundle.Store.GetAnswers(id));
        await using var view = await ViewedSample.StartAsync(bundle.Store.Path);
        Assert.Contains("Read-only", await view.Http.GetStringAsync("/runs", Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_under_a_condition_is_bundled_with_what_it_asked_and_verifies()
    {
        var old = OldStores.Copy(4, _folder);
        string run;
        await using (var store = ResultStore.Open(old))
        {
            run = store.ListRuns().Single(each => each.Specification.Model == "conditioned").Id;
            await store.WriteAsync(write =>
            {
                write.SetName(run, "as shown");
                write.PutEnvironment(run, new RecordedEnvironment(DateTimeOffset.UnixEpoch, Somewhere));
            });
        }

        Assert.Equal(0, (await StatsCommands.RunAsync("bundle", "--store", old, "--run", run, "--output", BundlePath)).Code);
        var verified = await StatsCommands.RunAsync("verify-bundle", BundlePath);
        Assert.Equal((0, ""), (verified.Code, verified.Error));
        await using var bundle = await OpenBundle.OpenAsync(await OpenBundle.ReadFilesAsync(BundlePath, Stop));
        await using var source = ResultStore.OpenReadOnly(old);
        var bundled = bundle.Store.FindRun(run)!;
        Assert.Equal(("as shown", source.Tally(source.FindRun(run)!).QuestionsAnswered),
            (bundled.Name, bundle.Store.Tally(bundled).QuestionsAnswered));
        Assert.Equal(source.GetRunCases(run).Values.Select(asked => asked.Hash),
            bundle.Store.GetRunCases(run).Values.Select(asked => asked.Hash));
        var environment = Assert.Single(bundle.Store.GetEnvironments(run)).Environment;
        Assert.Equal(Somewhere.ToJson(), environment.ToJson());
        Assert.Contains("\"unknown\":[\"git_commit\",\"devices\"]", await File.ReadAllTextAsync(BundlePath, Encoding.Latin1, Stop),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_releases_hash_follows_from_its_cases()
    {
        var old = OldStores.Copy(4, _folder);
        Assert.Equal(0, (await StatsCommands.RunAsync("bundle", "--store", old, "--run", "20261128-223831", "--output", BundlePath)).Code);
        Assert.Equal(0, (await StatsCommands.RunAsync("verify-bundle", BundlePath)).Code);
        await ChangeAsync("cases.jsonl", "the", "teh");
        Assert.Contains("the cases give a release with SHA-256", (await StatsCommands.RunAsync("verify-bundle", BundlePath)).Error,
            StringComparison.Ordinal);
    }

    private async Task ChangeAsync(string file, string from, string to)
    {
        var entries = CanonicalZip.Read(await File.ReadAllBytesAsync(BundlePath, Stop)).Select(entry =>
        {
            if (entry.Name != file) return entry;
            var text = Encoding.UTF8.GetString(entry.Data.Span);
            Assert.Contains(from, text, StringComparison.Ordinal);
            var at = text.IndexOf(from, StringComparison.Ordinal);
            return entry with { Data = Encoding.UTF8.GetBytes(text[..at] + to + text[(at + from.Length)..]) };
        }).ToList();
        Write(new BundleFiles(entries));
    }

    private static RunEnvironment Somewhere { get; } = new()
    {
        ProgramVersion = "1.2.3", Machine = "a machine", Endpoint = "http://127.0.0.1:30000/v1", Server = "sglang", ServerVersion = "0.5.9",
        ServerCommand = ["python3", "-m", "sglang.launch_server"], ModelInfo = "{}",
    };

    private void Write(BundleFiles files)
    {
        using var stream = File.Create(BundlePath);
        CanonicalZip.Write(stream, files.WithSums());
    }

    private async Task MakeAsync(string path)
    {
        if (!File.Exists(StorePath)) await ViewedSample.CreateStoreAsync(StorePath);
        var made = await StatsCommands.RunAsync("bundle", "--store", StorePath, "--run", "run-good", "run-poor", "--output", path);
        Assert.Equal((0, ""), (made.Code, made.Error));
    }
}
