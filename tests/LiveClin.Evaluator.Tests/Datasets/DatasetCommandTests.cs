using System.Diagnostics;
using LiveClin.Evaluator.CommandLine;
using LiveClin.Evaluator.Tests.CommandLine;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.Testing;

namespace LiveClin.Evaluator.Tests.Datasets;

/// <summary>The dataset commands as people call them.</summary>
public sealed class DatasetCommandTests : IDisposable
{
    private const string Case = """{"pmc": "1", "exam_creation": {"final_policy": {"scenario": "s", "scenario_image_details": [{"file": "x.png", "caption_prefix": "Figure 1"}], "mcqs": [{"question": "q", "options": {"A": "a"}, "correct_answer": "A"}]}}}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task List_shows_counts_and_what_is_wrong()
    {
        Write("good/good.jsonl", Case);
        Write("good/images/x.png", "x");
        Write("lacking/lacking.jsonl", Case);
        Write("broken/broken.jsonl", "{\n{");
        var result = await CommandRunner.RunAsync("dataset", "list", "--data-dir", _folder.FullName);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            $"""
            NAME     CASES  QUESTIONS  IMAGES  MISSING  PATH
            broken   -      -          -       -        {_folder["broken/broken.jsonl"]}
            good     1      1          1       0        {_folder["good/good.jsonl"]}
            lacking  1      1          0       1        {_folder["lacking/lacking.jsonl"]}
            broken cannot be used: 2 problems, the first: {_folder["broken/broken.jsonl"]}:1: is not valid JSON at byte 2 of the line: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.

            """, result.Output);
    }

    [Fact]
    public async Task List_without_releases_says_how_to_get_one()
    {
        var result = await CommandRunner.RunAsync("dataset", "list", "--data-dir", _folder.FullName);
        Assert.Equal((0, "There are no releases here. 'dataset download 2025_H1' fetches one.\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task Verify_takes_the_file_as_a_name_or_by_its_switch_and_one_of_them()
    {
        Write("r/r.jsonl", Case);
        Write("r/images/x.png", "x");
        var (byName, bySwitch) = (await VerifyAsync(_folder["r/r.jsonl"]), await VerifyAsync("--jsonl-path", _folder["r/r.jsonl"]));
        Assert.Equal((0, byName.Output), (bySwitch.ExitCode, bySwitch.Output));
        foreach (var wrong in new[] { await VerifyAsync(), await VerifyAsync("r", "--jsonl-path", _folder["r/r.jsonl"]) })
            Assert.Equal((2, true), (wrong.ExitCode, wrong.Error.Contains("Give either NAME or --jsonl-path.", StringComparison.Ordinal)));

        Task<CommandResult> VerifyAsync(params string[] arguments) => CommandRunner.RunAsync(["dataset", "verify", .. arguments]);
    }

    [Fact]
    public async Task Verify_names_every_problem_and_ends_with_2()
    {
        Write("r/r.jsonl", Case + "\n" + Case + "\n{");
        var result = await CommandRunner.RunAsync("dataset", "verify", "r", "--data-dir", _folder.FullName);
        var file = _folder["r/r.jsonl"];
        Assert.Equal((ExitCodes.Invalid, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            $"""
            {file}: there is no image folder {_folder["r/images"]}; give the right one (--image-root), or pass --allow-missing-images to run without images, as published
            {file}:2: has the identifier '1' of line 1; every case needs its own
            {file}:3: is not valid JSON at byte 2 of the line: Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.
            3 problems.

            """, result.Output);
    }

    [Fact]
    public async Task Verify_shows_warnings_beside_problems()
    {
        Write("r/r.jsonl", Case + "\n{");
        var result = await CommandRunner.RunAsync("dataset", "verify", _folder["r/r.jsonl"], "--allow-missing-images");
        Assert.Equal(ExitCodes.Invalid, result.ExitCode);
        Assert.Contains($"warning: {_folder["r/r.jsonl"]}: there is no image folder", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("1 problem, 1 warning.\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_of_a_good_release_shows_warnings_and_its_identity()
    {
        Write("r/r.jsonl", Case + "\n\n");
        var result = await CommandRunner.RunAsync("dataset", "verify", _folder["r/r.jsonl"], "--allow-missing-images");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            $"""
            warning: {_folder["r/r.jsonl"]}: there is no image folder {_folder["r/images"]}; images are left out of the prompts, as published
            r is fine: 1 cases, 1 questions, 1 warnings, 1 blank lines.
            file     {_folder["r/r.jsonl"]}
            images   {_folder["r/images"]}
            sha-256  {Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder["r/r.jsonl"])))}

            """, result.Output);
    }

    [Fact]
    public async Task Verify_of_the_real_demo()
    {
        var result = await CommandRunner.RunAsync("dataset", "verify", SharedData.DemoJsonl, "--image-root", SharedData.DemoImages);
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("demo is fine: 10 cases, 46 questions, 0 warnings.\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_of_what_is_not_there()
    {
        var result = await CommandRunner.RunAsync("dataset", "verify", "nope", "--data-dir", _folder.FullName);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal($"There is no release 'nope': looked in {_folder.FullName}; no release is there. `dataset download` fetches one, and the path of a JSONL file is understood too.\n", result.Error);
    }

    [Fact]
    public async Task Download_as_a_process_with_a_mirror_and_a_token_that_is_never_shown()
    {
        await using var hub = (await FakeHub.StartAsync()).WithRelease();
        var first = await RunAsync(hub, "2025h1");
        Assert.Equal((0, ""), (first.ExitCode, first.Error));
        Assert.Equal($"Downloading 2025_H1 of AQ-MedAI/LiveClin from 127.0.0.1: 0/6 files, 0.0/1.5 MB", first.Output.Split('\n')[0]);
        Assert.EndsWith($" The release is in {_folder["2025_H1"]}; 'dataset verify 2025_H1' checks it.\n", first.Output,
            StringComparison.Ordinal);
        Assert.Equal("Bearer hf_secret", hub.HubRequests.First().Authorization);
        Assert.DoesNotContain("secret", first.Output, StringComparison.Ordinal);

        var again = await RunAsync(hub, "2025_H1");
        Assert.EndsWith($"\n6/6 files, 1.5/1.5 MB. The release is in {_folder["2025_H1"]}; 'dataset verify 2025_H1' checks it.\n",
            again.Output, StringComparison.Ordinal);

        var unknown = await RunAsync(hub, "2031_H1");
        Assert.Equal((2, "", "AQ-MedAI/LiveClin has no release '2031_H1'; it has 2025_H1.\n"),
            (unknown.ExitCode, unknown.Output, unknown.Error));

        hub.Fault = (context, _, _) => Task.FromResult((context.Response.StatusCode = 401) == 401);
        var refused = await RunAsync(hub, "2025_H1");
        Assert.Equal(2, refused.ExitCode);
        Assert.DoesNotContain("secret", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData(".hidden")]
    public async Task Download_takes_only_names(string name)
    {
        var result = await CommandRunner.RunAsync("dataset", "download", name, "--data-dir", _folder.FullName);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"'{name}' is no release's name; names look like 2025_H1.", result.Error, StringComparison.Ordinal);
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[file])!);
        File.WriteAllText(_folder[file], text);
    }

    private async Task<CommandResult> RunAsync(FakeHub hub, string name)
    {
        var start = new ProcessStartInfo("dotnet",
            [typeof(EvaluatorCommandLine).Assembly.Location, "dataset", "download", name, "--data-dir", _folder.FullName])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["HF_ENDPOINT"] = hub.Settings.Endpoint.AbsoluteUri,
                ["HF_TOKEN"] = "hf_secret",
                ["http_proxy"] = "http://127.0.0.1:9",
                ["https_proxy"] = "http://127.0.0.1:9",
            },
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken),
            process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CommandResult(process.ExitCode, await output, await error);
    }
}
