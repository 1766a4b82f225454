using System.Text.Json;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Access;

namespace LiveClin.Stats.Service;

/// <summary>The evaluator's token where none is configured: from the file beside its store, which both find in the same folder.</summary>
internal static class EvaluatorAccess
{
    private static readonly string DefaultStore = Path.Combine("results", "liveclin.db");

    /// <summary>The token; null when there is no such file, or the evaluator asks for none.</summary>
    public static string? FindToken(IConfiguration configuration)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(FileOf(configuration)));
            return document.RootElement.GetProperty("token").GetString();
        }
        catch (Exception error) when (
            error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or StoreException)
        {
            return null;
        }
    }

    // Beside the store, or in the results folder where the store is a database: as the evaluator writes it.
    private static string FileOf(IConfiguration configuration)
    {
        var store = configuration["LiveClin:Store"] is { Length: > 0 } named ? named
            : configuration[StoreLocation.Setting] is { Length: > 0 } database ? database : DefaultStore;
        return StoreLocation.Parse(store).IsDatabase
            ? Path.Combine(configuration["LiveClin:Results"] ?? Path.GetDirectoryName(DefaultStore)!, "access.json")
            : store + ".access.json";
    }

    /// <summary>What a call to the evaluator carries: the token of this start, or what the evaluator has written since.</summary>
    public static string? TokenOf(IServiceProvider services)
    {
        var (own, configuration) = (services.GetRequiredService<AccessToken>(), services.GetRequiredService<IConfiguration>());
        return SecretText.WithoutLineEnd(configuration[$"{AccessToken.Section}:Token"]) is { Length: > 0 } configured
            ? configured : FindToken(configuration) ?? own.Value;
    }
}
