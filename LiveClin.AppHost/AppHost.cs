using Aspire.Hosting.Publishing;
using LiveClin.AppHost.Gpus;
using LiveClin.AppHost.ModelServers;
using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;
using LiveClin.AppHost.Slurm;
using LiveClin.AppHost.Sweep;
using LiveClin.AppHost.Terminal;

var (switches, code) = Switches.Parse(args, SbatchCommand.Create());
if (switches is null) return code;

RuntimeDefaults.PrepareEnvironment();
StartedProcesses.MarkAll();

// Everything is on loopback, where http is enough.
var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
{
    Args = switches.Rest,
    AllowUnsecuredTransport = true,
});
builder.AddOwnSettings(switches.Rest);
builder.AddAspireFolder();
builder.Configuration.AddRuntimeDefaults();
builder.AddPlainConsole();
var (settings, failures) = SettingsLoader.Load(builder.Configuration, switches, builder.OwnFolder(),
    forRun: builder.ExecutionContext.IsRunMode);
IReadOnlyList<string> lacking = !builder.ExecutionContext.IsRunMode ? []
    : await MachineCheck.FindProblemsAsync(builder.Configuration, settings);
foreach (var failure in failures.Concat(lacking)) Console.Error.WriteLine(failure);
if (settings is null || lacking.Count > 0) return ExitCodes.Invalid;
builder.Configuration.KeepSecretsFromChildren();

// The built-in examinees: floors that know no medicine, and simulated ones whose truth is known, over the same API as every other model.
var baselines = builder.AddService<Projects.LiveClin_Evaluator>("baselines")
    .WithArgs("baseline")
    .WithExaminedRelease(settings)
    .WithLoopbackEndpoint("http", "http", "ASPNETCORE_URLS")
    .WithHttpHealthCheck("/health");
// Where no model of the sweep is one of them, a person may still want to ask them something.
if (!settings.Models.Any(model => model.Server == ServerKind.Baseline)) baselines.WithExplicitStart();

// Asks the questions and keeps the answers. Prompts and replies stay out of its traces unless they are asked for, images always.
var evaluator = builder.AddService<Projects.LiveClin_Evaluator>("evaluator")
    .WithServiceEndpoints(settings.EvaluatorPort)
    .WithLocalData(settings)
    .WithStore(settings)
    .WithAccess(settings)
    .WithEnvironment("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", settings.CaptureMessages ? "true" : "false");

// Turns answers into statistics and reports.
var stats = builder.AddService<Projects.LiveClin_Stats>("stats")
    .WithServiceEndpoints(settings.StatsPort)
    .WithReference(evaluator)
    .WithAccess(settings)
    .WithModelFacts(builder.Configuration, settings)
    .WithUrlForEndpoint("http", url => (url.DisplayText, url.Url) = ("Leaderboard", settings.Link(url.Url)));
evaluator
    .WithEnvironment("LiveClin__Access__Stats__Http", stats.GetEndpoint("http"))
    .WithEnvironment("LiveClin__Access__Stats__Grpc", stats.GetEndpoint("grpc"));

// The models: SGLang and others, started here when their GPUs are free; APIs that run already; the baselines.
var gpus = builder.AddGpus("gpus", settings);
var models = builder.AddModelServers(settings, baselines);

// Evaluates every model.
var sweep = builder.AddSweep("sweep", settings, models, evaluator.GetEndpoint("grpc"), stats, gpus)
    .WithReferenceRelationship(evaluator);

builder.AddAddressLines(stats);

// Of a step that fails while publishing only the absence of this event tells.
var isPublished = false;
builder.Eventing.Subscribe<AfterPublishEvent>((_, _) => Task.FromResult(isPublished = true));

await using (var app = builder.Build()) await app.RunAsync();
await StartedProcesses.WaitForEndAsync();
if (builder.ExecutionContext.IsPublishMode) return isPublished ? ExitCodes.Success : ExitCodes.SomeFailed;
return settings.ExitWhenDone ? sweep.Resource.ExitCode ?? ExitCodes.Interrupted : ExitCodes.Success;
