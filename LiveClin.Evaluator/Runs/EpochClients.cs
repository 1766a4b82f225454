using LiveClin.Evaluator.Models;
using Microsoft.Extensions.AI;

namespace LiveClin.Evaluator.Runs;

/// <summary>The clients of a run's epochs: one for all of them, unless a seed makes their requests differ.</summary>
internal sealed class EpochClients(ModelClientFactory clients, RunRequest request, string parametersJson, RunConduct conduct) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, IChatClient> _byParameters = new(StringComparer.Ordinal);

    public IChatClient Of(int epoch)
    {
        var parameters = EpochSeed.In(parametersJson, epoch);
        lock (_lock)
        {
            if (!_byParameters.TryGetValue(parameters, out var client))
                _byParameters[parameters] = client = clients.Create(request.Endpoint, parameters, request.Timeout, request.Retries,
                    conduct);
            return client;
        }
    }

    public void Dispose()
    {
        foreach (var client in _byParameters.Values) client.Dispose();
    }
}
