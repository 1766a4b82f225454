using System.CommandLine;
using System.Globalization;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Access;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.Stats.Bundles;
using LiveClin.Stats.Service;
using LiveClin.Stats.Uncertainty;
using LiveClin.Stats.View;

namespace LiveClin.Stats.CommandLine;

/// <summary><c>view</c>: the pages over a store in this one process, read-only.</summary>
internal static class ViewCommand
{
    private const int DefaultPort = 8610;

    // The pages' own log would stand between the reader and the address.
    private static readonly KeyValuePair<string, string?>[] Quiet =
        [new("Logging:LogLevel:Default", "Error"), new("Logging:LogLevel:Microsoft.AspNetCore", "Error"),
            new("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Error"), new("Logging:LogLevel:Microsoft.Extensions.Hosting", "None")];

    public static Command Create()
    {
        var store = new Argument<string>("STORE|FILE.zip")
        {
            Description = "A result store (an SQLite file or a PostgreSQL database) or a bundle; only read. A file may lie in a folder that cannot be written to, and others may write to it.",
        }.CheckArguments(StoreLocation.FindProblem);
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 takes a free one.", HelpName = "N",
            DefaultValueFactory = _ => DefaultPort };
        var urls = UrlsOption.Create($"The whole address, instead of http://127.0.0.1:{DefaultPort}.", most: 1);
        port.Check(number => number is < 0 or > ushort.MaxValue ? "--port: must be 0 to 65535." : null);
        var command = new Command("view", "Shows a result store on web pages, read-only. Nothing else needs to run.") { store, port,
            urls };
        command.Validators.Add(parsed =>
        {
            if (parsed.GetResult(port) is { Implicit: false } && parsed.GetResult(urls) is not null)
                parsed.AddError("Give --port or --urls, not both.");
        });
        command.SetCheckedAction(async (parsed, cancellationToken) =>
        {
            var url = parsed.GetValue(urls) ?? string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{parsed.GetValue(port)}");
            var given = parsed.GetValue(store)!;
            var console = parsed.InvocationConfiguration;
            if (StoreLocation.Parse(given).IsDatabase)
            {
                await using var database = ResultStore.OpenReadOnly(given);
                database.ReadersWaited += (_, lasted) =>
                    console.Error.WriteLine($"note: {database.Path} could not be read for {StoreOutage.InWords(lasted)}, and is back.");
                await ServeAsync(new ViewedStore(database, database.Path), url, console, cancellationToken);
                return ExitCodes.Success;
            }

            var path = Path.GetFullPath(given);
            if (File.Exists(path) && OpenBundle.IsBundle(path))
            {
                await using var bundle = await OpenBundle.OpenAsync(await OpenBundle.ReadFilesAsync(path, cancellationToken));
                await ServeAsync(new ViewedStore(bundle.Store, path), url, console, cancellationToken);
                return ExitCodes.Success;
            }

            await using var opened = ResultStore.OpenReadOnly(path);
            await ServeAsync(new ViewedStore(opened, path), url, console, cancellationToken);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task ServeAsync(ViewedStore viewed, string url, InvocationConfiguration console,
        CancellationToken cancellationToken)
    {
        Cores.LeaveOne();
        await using var app = StatsApplication.BuildView(viewed, url, Quiet);
        await WebServer.RunAsync(app, () =>
        {
            if (app.Services.GetRequiredService<AccessToken>().Value is null)
                console.Error.WriteLine("warning: Access:Anonymous is on: every user of this machine can read these pages.");
            console.Output.WriteLine(
                $"{viewed.Name}: read-only at {app.Services.GetRequiredService<AccessToken>().Link(app.Urls.First().TrimEnd('/') + "/")} (Ctrl+C ends it)");
            console.Output.Flush();
        }, cancellationToken);
    }
}
