using System.Text.Json.Nodes;
using LiveClin.Core.Results;
using LiveClin.ServiceDefaults.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace LiveClin.Evaluator.Service;

/// <summary>
/// Tells other programs of the same user where the services are and with which token: <c>STORE.access.json</c>, readable by the owner alone,
/// there while the service runs.
/// </summary>
internal sealed class AccessFile(ResultStore store, AccessToken token, IServer server, IConfiguration configuration, IHostApplicationLifetime lifetime) : IHostedService
{
    private readonly string _path = store.Path + ".access.json";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Write);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        File.Delete(_path);
        return Task.CompletedTask;
    }

    private void Write()
    {
        var own = AddressesOf(server.Features.Get<IServerAddressesFeature>()!.Addresses);
        var stats = configuration.GetSection($"{AccessToken.Section}:Stats");
        var json = new JsonObject
        {
            ["evaluator"] = own.Http, ["evaluatorGrpc"] = own.Grpc, ["stats"] = stats["Http"], ["statsGrpc"] = stats["Grpc"], ["token"] = token.Value,
        };
        File.Delete(_path); // one that a crash left behind may have another mode
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(_path, options);
        file.WriteLine(json.ToJsonString());
    }

    // Kestrel lists its endpoints in the order of their names: grpc, http.
    private static (string? Grpc, string? Http) AddressesOf(ICollection<string> addresses) => (addresses.FirstOrDefault(), addresses.LastOrDefault());
}
