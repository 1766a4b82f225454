using LiveClin.Core.Results;
using LiveClin.Evaluator.Images;
using LiveClin.Evaluator.Models;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LiveClin.Evaluator.Runs;

/// <summary>Registers what runs are made of; each part comes into being when it is first needed.</summary>
internal static class RunsExtensions
{
    /// <summary>The result store of <see cref="EvaluatorOptions.Store"/>, opened for writing, and the runs over it.</summary>
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => ResultStore.Open(Options(provider).Store));
        services.AddSingleton(provider => new ReleaseLibrary(Options(provider).DataDirectory));
        services.AddSingleton(_ => new ImageLibrary());
        services.AddSingleton(provider => new ReplyLimits(Options(provider).MaxReplyBytes));
        services.AddModels();
        services.AddSingleton<RunManager>();
        return services;
    }

    private static EvaluatorOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<EvaluatorOptions>>().Value;
}
