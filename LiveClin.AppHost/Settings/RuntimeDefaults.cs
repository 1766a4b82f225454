using System.Net;
using System.Net.Sockets;
using LiveClin.ServiceDefaults.Access;
using Microsoft.Extensions.Configuration;

namespace LiveClin.AppHost.Settings;

/// <summary>
/// What Aspire expects of the machine, of the launch profile and of the folder that it is started from, set here so that none of them
/// matters.
/// </summary>
internal static class RuntimeDefaults
{
    private const string UnsecuredTransport = "ASPIRE_ALLOW_UNSECURED_TRANSPORT";
    private const string Settings = "appsettings.json", AspireFolder = "Aspire:Store:Path";
    private static readonly string[] Addresses = ["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"];

    /// <summary>The user's own home folder, which model servers see.</summary>
    public static string UserHome { get; private set; } = "";

    /// <summary>The folder that stands in for it where it is missing or cannot be written to; else null.</summary>
    public static string? OrchestratorHome { get; private set; }

    /// <summary>Prepares this process's environment for the orchestrator, which inherits it; before the builder is made.</summary>
    public static void PrepareEnvironment()
    {
        // The orchestrator is talked to over loopback, which a proxy of the environment would swallow.
        foreach (var variable in (string[])["NO_PROXY", "no_proxy"])
            Environment.SetEnvironmentVariable(variable, Loopback.Unproxied(variable));
        // It keeps sockets and ports below HOME, and does not start without.
        UserHome = Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home
            ? home : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (!OperatingSystem.IsWindows() && !IsWritable(Environment.GetEnvironmentVariable("HOME"))) UseTemporaryHome();
        // No call to the network that the user did not ask for: Aspire would look for newer versions of itself at every start.
        foreach (var variable in (string[])["ASPIRE_VERSION_CHECK_DISABLED", "ASPIRE_DASHBOARD_TELEMETRY_OPTOUT",
            "DOTNET_CLI_TELEMETRY_OPTOUT"])
            Environment.SetEnvironmentVariable(variable, "true");
    }

    /// <summary>Addresses of the dashboard: free ones on loopback, where http is enough, unless configured.</summary>
    public static void AddRuntimeDefaults(this ConfigurationManager configuration)
    {
        // Not covered by the option of that name: the service that the dashboard reads the resources from would want a certificate.
        if (string.IsNullOrEmpty(configuration[UnsecuredTransport])) configuration[UnsecuredTransport] = "true";
        foreach (var key in Addresses.Where(k => string.IsNullOrEmpty(configuration[k])))
            configuration[key] = $"http://127.0.0.1:{FreePort()}";
        // The app host stays until everything that it started is gone.
        configuration["DcpPublisher:WaitForResourceCleanup"] = "true";
    }

    /// <summary>
    /// The app host's own folder: its project's, or the program's where it was copied (deploy/offline puts the settings beside it), even if
    /// the source can be seen from there.
    /// </summary>
    public static string OwnFolder(this IDistributedApplicationBuilder builder) =>
        IsCopied || !Directory.Exists(builder.AppHostDirectory) ? AppContext.BaseDirectory : builder.AppHostDirectory;

    /// <summary>
    /// Gives Aspire a temporary folder for files of its own, unless it can have the project's. That one's path is a part of the program: on
    /// the machine that the program was copied to it is nothing, or somebody else's, and Aspire does not start without one.
    /// </summary>
    public static void AddAspireFolder(this IDistributedApplicationBuilder builder)
    {
        var folder = builder.Configuration[AspireFolder];
        var isProjects = folder?.StartsWith(builder.AppHostDirectory, StringComparison.Ordinal) ?? true;
        if ((isProjects && builder.OwnFolder() != builder.AppHostDirectory) || !IsWritable(folder))
            builder.Configuration[AspireFolder] = TemporaryFolder("liveclin-aspire-");
    }

    /// <summary>
    /// The app host's own appsettings.json where the program is started from elsewhere. The environment and the command line win over it.
    /// </summary>
    public static void AddOwnSettings(this IDistributedApplicationBuilder builder, string[] args)
    {
        var folder = builder.OwnFolder();
        if (Path.GetFullPath(builder.Environment.ContentRootPath)
            .TrimEnd(Path.DirectorySeparatorChar) == folder.TrimEnd(Path.DirectorySeparatorChar)) return;
        // Added at the end: putting a source before the others reads all of them again, and what Aspire has set by hand is lost.
        builder.Configuration
            .AddJsonFile(Path.Combine(folder, Settings), optional: true)
            .AddJsonFile(Path.Combine(folder, $"appsettings.{builder.Environment.EnvironmentName}.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(args);
    }

    /// <summary>
    /// Takes secrets out of this process's environment, which every started process inherits; the configuration keeps them.
    /// A model server needs none of the API keys of others.
    /// </summary>
    public static void KeepSecretsFromChildren(this ConfigurationManager configuration)
    {
        if (Environment.GetEnvironmentVariable("YOUR_API_KEY") is { Length: > 0 } key)
            configuration[$"Parameters:{ApiKeys.PublishedVariable}"] = key;
        var secrets = configuration.GetSection("Parameters").GetChildren().Where(p => p.Value is not null)
            .ToDictionary(p => p.Path, p => SecretText.WithoutLineEnd(p.Value));
        configuration.AddInMemoryCollection(secrets);
        var variables = Environment.GetEnvironmentVariables().Keys.Cast<string>();
        foreach (var name in variables.Where(n => n.StartsWith("Parameters__", StringComparison.OrdinalIgnoreCase) || n == "YOUR_API_KEY"
            || n == "PGPASSWORD" || n.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase)
            || n.Equals("LiveClin__Access__Token", StringComparison.OrdinalIgnoreCase)).ToList())
            Environment.SetEnvironmentVariable(name, null);
    }

    private static bool IsCopied => File.Exists(Path.Combine(AppContext.BaseDirectory, Settings));

    private static void UseTemporaryHome()
    {
        OrchestratorHome = TemporaryFolder("liveclin-home-");
        Environment.SetEnvironmentVariable("HOME", OrchestratorHome);
    }

    // Until this process ends.
    private static string TemporaryFolder(string prefix)
    {
        var folder = Directory.CreateTempSubdirectory(prefix);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            try
            {
                folder.Delete(recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The orchestrator's last process may still hold a file; the folder for temporary files is cleared by others.
            }
        };
        return folder.FullName;
    }

    private static bool IsWritable(string? folder)
    {
        if (string.IsNullOrEmpty(folder)) return false;
        try
        {
            Directory.CreateDirectory(folder);
            File.Create(Path.Combine(folder, $".liveclin-{Guid.NewGuid():N}"), 1, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The dashboard takes its ports seconds later. Below those that systems give to whoever asks for any (Linux: from 32768 on), of which
    // one that is free now may be another program's by then, as where tasks of an array begin on a node at once; and below SGLang's 30000.
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(25_000, 30_000);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // another one
            }
        }
    }
}
