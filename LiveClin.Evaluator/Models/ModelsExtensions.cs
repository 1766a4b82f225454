using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LiveClin.Evaluator.Models;

/// <summary>Registers the way to the models.</summary>
internal static class ModelsExtensions
{
    public static IServiceCollection AddModels(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ModelClientFactory>();
        services.AddSingleton<VisionCheck>();
        return services;
    }
}
