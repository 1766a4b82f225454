using System.Text.Json;
using LiveClin.AppHost.Gpus;
using LiveClin.AppHost.Services;
using LiveClin.AppHost.Settings;
using LiveClin.Evaluator.V1;

namespace LiveClin.AppHost.ModelServers;

/// <summary>
/// What is known of a model's server, for whoever has to repeat the run: kind, version, command, devices, model. Without secrets.
/// </summary>
internal static class ServerDescription
{
    private const int LongestModelInfo = 8 * 1024;
    private const string Hidden = "***";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Describes the server that answers for a model now.</summary>
    public static async Task<ServingEnvironment> OfAsync(IModelServer server, CancellationToken cancellationToken)
    {
        var description = new ServingEnvironment { Server = server.Model.Server.ToString().ToLowerInvariant() };
        if (server is not ManagedServerResource managed) return description;
        description.ServerCommand.Add(
            WithoutSecrets([managed.Program, .. managed.Template.Arguments(managed.Model), .. managed.Model.Args]));
        description.Devices.Add((managed.Devices ?? []).Select(Describe));
        if (managed.Template.Version is { } version && await AskAsync(managed, version.Path, cancellationToken) is { } told
            && Text(told, version.Field) is { Length: <= 256 } text)
            description.ServerVersion = text;
        if (managed.Template.ModelInfoPath is { } path
            && await AskAsync(managed, path, cancellationToken) is { Length: <= LongestModelInfo } model)
            description.ModelInfo = model;
        return description;
    }

    /// <summary>A command in which no value of a secret's flag is left (<c>--api-key ***</c>).</summary>
    internal static IEnumerable<string> WithoutSecrets(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var (flag, hasValue) = words[i].Split('=', 2) is [var name, _] ? (name, true) : (words[i], false);
            var isSecret = flag.StartsWith("--", StringComparison.Ordinal) && ApiKeys.IsSecret(flag[2..].Replace('-', '_'));
            yield return isSecret && hasValue ? $"{flag}={Hidden}" : words[i];
            if (!isSecret || hasValue || i + 1 == words.Count) continue;
            i++;
            yield return Hidden;
        }
    }

    private static string Describe(GpuDevice device) => string.Join(", ", ((string?[])
        [device.Name, device.TotalMiB is { } memory ? $"{memory} MiB" : null, device.Driver is { } driver ? $"driver {driver}" : null,
            device.Id]).OfType<string>());

    // A server that does not say is described by what is known without it.
    private static async Task<string?> AskAsync(ManagedServerResource server, string path, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var response = await LoopbackHttp.Client.GetAsync(new Uri(new Uri(server.Http.Url), path), patience.Token);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(patience.Token) : null;
        }
        catch (Exception e) when (e is HttpRequestException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static string? Text(string json, string field)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(field, out var value)
                ? value.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
