using LiveClin.AppHost.Services;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace LiveClin.AppHost.Terminal;

/// <summary>What the app host prints.</summary>
internal static class ConsoleExtensions
{
    /// <summary>
    /// Plain lines instead of Aspire's; how much of Aspire's own is shown stands in appsettings.json, section <c>Logging</c>.
    /// </summary>
    public static IDistributedApplicationBuilder AddPlainConsole(this IDistributedApplicationBuilder builder)
    {
        builder.Services.AddLogging(logging => logging
            .AddConsole(console => console.FormatterName = PlainFormatter.FormatterName)
            .AddConsoleFormatter<PlainFormatter, ConsoleFormatterOptions>());
        return builder;
    }

    /// <summary>Prints the addresses of dashboard and leaderboard as soon as each can be opened.</summary>
    public static void AddAddressLines(this IDistributedApplicationBuilder builder, IResourceBuilder<ServiceResource> stats) =>
        builder.Services.AddHostedService(services => ActivatorUtilities.CreateInstance<AddressLines>(services, stats.Resource));
}
