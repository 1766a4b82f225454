namespace LiveClin.Evaluator.Imports;

/// <summary>Registers the import of published results.</summary>
internal static class ImportsExtensions
{
    public static IServiceCollection AddImports(this IServiceCollection services) => services.AddSingleton<ResultImporter>();
}
