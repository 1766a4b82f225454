using System.Text.Json.Nodes;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace LiveClin.Evaluator.Service;

/// <summary>
/// Tells other programs of the same user where the services are and with which token: <c>STORE.access.json</c> beside a file, <c>access.json</c> in
/// the results folder for a database; readable by the owner alone, there while the service runs.
/// </summary>
internal sealed class AccessFile(
    ResultStore store, IOptions<EvaluatorOptions> options, AccessToken token, IServer server, IConfiguration configuration, IHostApplicationLifetime lifetime)
    : IHostedService
{
    /// <summary>The file.</summary>
    public string FullName { get; } = store.IsShared ? Path.Combine(options.Value.FolderOf(store), "access.json") : store.Path + ".access.json";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Write);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        File.Delete(FullName);
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
        Directory.CreateDirectory(Path.GetDirectoryName(FullName)!);
        File.Delete(FullName); // one that a crash left behind may have another mode
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(FullName, options);
        file.WriteLine(json.ToJsonString());
    }

    // Kestrel lists its endpoints in the order of their names: grpc, http.
    private static (string? Grpc, string? Http) AddressesOf(ICollection<string> addresses) => (addresses.FirstOrDefault(), addresses.LastOrDefault());
}
