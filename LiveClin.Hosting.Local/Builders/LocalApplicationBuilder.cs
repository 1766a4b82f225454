using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Supervision;
using LiveClin.Hosting.Local.Dashboard.AppModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Aspire.Hosting;

/// <summary>The builder: a generic host with the application model's services and the orchestrator.</summary>
internal sealed class LocalApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationOptions _options;

    public LocalApplicationBuilder(DistributedApplicationOptions options)
    {
        _options = options;
        AppHostAssembly = options.AssemblyName is { } name ? Assembly.Load(name) : Assembly.GetEntryAssembly();
        AppHostDirectory = FindDirectory(options.ProjectDirectory ?? Metadata("AppHostProjectPath"));
        _host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = options.Args,
            ContentRootPath = AppHostDirectory,
            ApplicationName = AppHostAssembly?.GetName().Name,
        });
        ExecutionContext = new DistributedApplicationExecutionContext(Operation(Configuration));
        _host.Logging.AddConsole(o => o.FormatterName = PlainConsole.FormatterName).AddConsoleFormatter<PlainConsole, ConsoleFormatterOptions>();
        _host.Logging.AddFilter("Microsoft", LogLevel.Warning);
        // Checks run all the time; only their changes are news, and those are published as health reports.
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);
        _host.Logging.AddFilter("System.Net.Http", LogLevel.Warning);
        // A start that fails throws, and one that is interrupted is none of its matter.
        _host.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        _host.Services.Configure<ConsoleLifetimeOptions>(o => o.SuppressStatusMessages = true);
        _host.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(60));
        _host.Services.AddHealthChecks();
        // The publisher would run every check on a timer of its own; each resource has its own rhythm here.
        foreach (var publisher in _host.Services.Where(s => s.ImplementationType?.Name == "HealthCheckPublisherHostedService").ToArray()) _host.Services.Remove(publisher);
        AddModelServices(_host.Services);
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public IDistributedApplicationEventing Eventing { get; } = new LocalEventing();

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IResourceBuilder<T> AddResource<T>(T resource) where T : IResource
    {
        if (Resources.TryGetByName(resource.Name, out var existing))
            throw new DistributedApplicationException($"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{existing.GetType()}' with that name already exists. Resource names are case-insensitive.");
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource) where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        if (ExecutionContext.IsPublishMode)
            throw new DistributedApplicationException("Publishing needs Aspire's own packages: build with -p:UseAspirePackages=true where they can be restored.");
        LifecycleCommands.AddTo(Resources);
        var app = new DistributedApplication(_host.Build());
        ExecutionContext.Provider = app.Services;
        return app;
    }

    private void AddModelServices(IServiceCollection services)
    {
        services.AddSingleton<IDistributedApplicationBuilder>(this);
        services.AddSingleton(_options);
        services.AddSingleton(ExecutionContext);
        services.AddSingleton(Eventing);
        services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        services.AddSingleton<ResourceLoggerService>();
        services.AddSingleton(s => new ResourceNotificationService(s.GetRequiredService<ILogger<ResourceNotificationService>>(), s.GetRequiredService<IHostApplicationLifetime>(), s, s.GetRequiredService<ResourceLoggerService>())
        {
            DefaultWaitBehavior = _options.DisableDashboard ? WaitBehavior.StopOnResourceUnavailable : WaitBehavior.WaitOnResourceUnavailable,
        });
        services.AddSingleton(s => new ResourceCommandService(s.GetRequiredService<ResourceNotificationService>(), s.GetRequiredService<ResourceLoggerService>(), s.GetRequiredService<DistributedApplicationModel>(), s));
        if (!_options.DisableDashboard && ExecutionContext.IsRunMode) services.AddDashboard(_options.DashboardApplicationName ?? AppHostAssembly?.GetName().Name ?? "App host");
        services.AddSingleton<Guardian>();
        services.AddSingleton<ProcessSupervisor>();
        services.AddSingleton<PortAllocator>();
        services.AddSingleton<ProcessSpecifications>();
        services.AddSingleton<LocalOrchestrator>();
        services.AddHostedService<ParentWatch>();
        // The monitor first: the orchestrator's start waits for what it finds.
        services.AddHostedService<ResourceHealthMonitor>();
        services.AddHostedService(s => s.GetRequiredService<LocalOrchestrator>());
    }

    private string? Metadata(string key) =>
        AppHostAssembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => string.Equals(a.Key, key, StringComparison.OrdinalIgnoreCase))?.Value;

    // The recorded folder is that of the build; a copied output runs from where it is started.
    private static string FindDirectory(string? recorded) => Path.GetFullPath(recorded is not null && Directory.Exists(recorded) ? recorded : Directory.GetCurrentDirectory());

    private static DistributedApplicationOperation Operation(IConfiguration configuration) =>
        string.Equals(configuration["operation"], "publish", StringComparison.OrdinalIgnoreCase) || configuration["publisher"] is not null
            ? DistributedApplicationOperation.Publish
            : DistributedApplicationOperation.Run;
}
