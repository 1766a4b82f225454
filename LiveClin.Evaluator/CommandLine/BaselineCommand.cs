using System.CommandLine;
using LiveClin.Core.Cases;
using LiveClin.Core.Releases;
using LiveClin.Evaluator.Baselines;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>baseline</c>: serves the built-in examinees.</summary>
internal static class BaselineCommand
{
    private static readonly Option<string?> Dataset = new("--dataset")
    {
        Description = "The release that simulated examinees are examined on: its name, or a path to its JSONL file (else JSONL_PATH, else only the floors are served).",
        HelpName = "NAME",
    };

    private static readonly Option<string?> JsonlPath = new("--jsonl-path") { Description = "Its JSONL file.", HelpName = "FILE" };
    private static readonly Option<string?> ImageRoot = new("--image-root")
    {
        Description = "Folder of its images (else IMAGE_ROOT_PATH, else beside the JSONL file).",
        HelpName = "DIR",
    };
    private static readonly Option<string?> DataDirectory = CommonOptions.DataDirectory();

    public static Command Create()
    {
        var urls = UrlsOption.Create(
            $"Addresses to listen on; otherwise ASPNETCORE_URLS, else {BaselineApplication.DefaultUrls}.",
            most: 8, anyHost: true); // its examinees are no secret
        var command = new Command(
            "baseline",
            "Serves the built-in examinees as an OpenAI-compatible server: floors that know no medicine (baseline/always-A to -J, random, longest-option, overlap) " +
            "and, with a release, simulated examinees whose true ability is known (simulated/knows-60 and others, any percentage).")
        {
            urls, Dataset, JsonlPath, ImageRoot, DataDirectory,
        };
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(parsed, async _ =>
        {
            await using var app = BaselineApplication.Build(parsed.GetValue(urls), await ReadReleaseAsync(parsed, cancellationToken));
            await WebServer.RunAsync(app, started: null, cancellationToken);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static async Task<Release?> ReadReleaseAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var (dataset, file) = (parsed.GetValue(Dataset), parsed.GetValue(JsonlPath));
        if (dataset is null && file is null && Environment.GetEnvironmentVariable("JSONL_PATH") is not { Length: > 0 }) return null;
        var location = new ReleaseLocator()
            .Locate(new ReleaseRequest(dataset, parsed.GetValue(DataDirectory), file, parsed.GetValue(ImageRoot)));
        // Images are looked at when somebody is asked about them.
        return await ReleaseReader.ReadAsync(location, new ReleaseOptions { CheckImages = false }, cancellationToken);
    }
}
