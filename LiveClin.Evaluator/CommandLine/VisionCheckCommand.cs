using System.CommandLine;
using System.Globalization;
using LiveClin.Evaluator.Models;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>vision-check</c>: does the model answer, and does it see?</summary>
internal static class VisionCheckCommand
{
    public static Command Create()
    {
        var model = new Option<string>("--model") { Description = "The model's name on the wire.", HelpName = "ID", Required = true };
        var apiBase = new Option<string>("--api-base")
        {
            Description = "Base URL of the OpenAI-compatible API, usually ending in /v1.",
            HelpName = "URL",
            Required = true,
        };
        var apiKey = new ApiKeyOption();
        var timeout = new Option<double>("--timeout")
        {
            Description = "Longest wait for the reply, in seconds.",
            HelpName = "S",
            DefaultValueFactory = _ => 120,
        };
        apiBase.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
                result.AddError($"--api-base: '{result.GetValueOrDefault<string>()}' is not an http or https address such as http://127.0.0.1:30000/v1.");
        });
        timeout.Check(seconds => seconds is > 0 and <= 86400 ? null : "--timeout must be above 0 and at most 86400 seconds.");
        var command = new Command("vision-check",
            "Shows a model a yellow image and asks for its colour: exit code 0 when it says yellow, 1 when not, or when no reply came.") { model, apiBase, timeout };
        apiKey.AddTo(command);
        command.SetAction((parsed, cancellationToken) => CommandErrors.GuardAsync(parsed, async output =>
        {
            await using var services = CommandServices.Compose(parsed.GetValue(CommonOptions.Store)!);
            var endpoint = new ModelEndpoint(new Uri(parsed.GetValue(apiBase)!), parsed.GetValue(model)!) { ApiKey = apiKey.Read(parsed) };
            var result = await services.GetRequiredService<VisionCheck>()
                .RunAsync(endpoint, TimeSpan.FromSeconds(parsed.GetValue(timeout)), cancellationToken);
            var seconds = result.Latency.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
            output.WriteLine(result.Reply is { } reply
                ? $"{(result.Passed ? "passed" : "failed")}: {RunText.Safe(endpoint.ToString())} replied '{RunText.Safe(ErrorText.Shorten(reply))}' ({seconds} s)"
                : $"failed: {RunText.Safe(endpoint.ToString())} gave no reply: {RunText.Safe(result.Error)}");
            return result.Passed ? ExitCodes.Success : ExitCodes.SomeFailed;
        }));
        return command;
    }
}
