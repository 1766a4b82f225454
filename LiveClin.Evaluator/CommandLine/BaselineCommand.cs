using System.CommandLine;
using LiveClin.Evaluator.Baselines;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Evaluator.CommandLine;

/// <summary><c>baseline</c>: serves the baselines.</summary>
internal static class BaselineCommand
{
    public static Command Create()
    {
        var urls = new Option<string?>("--urls")
        {
            Description = $"Addresses to listen on, separated by semicolons; port 0 takes a free one. Otherwise ASPNETCORE_URLS, else {BaselineApplication.DefaultUrls}.",
            HelpName = "URL",
        };
        urls.Validators.Add(result =>
        {
            foreach (var url in (result.GetValueOrDefault<string?>() ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
                if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
                    result.AddError($"--urls: '{url}' is not an address such as {BaselineApplication.DefaultUrls}.");
        });
        var command = new Command("baseline", "Serves models that know no medicine (constant letter, random, longest option, word overlap) as an OpenAI-compatible server.") { urls };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var app = BaselineApplication.Build(parsed.GetValue(urls));
            await app.RunAsync(cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }
}
