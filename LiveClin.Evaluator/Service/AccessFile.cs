using System.Text.Json.Nodes;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Runs;
using LiveClin.ServiceDefaults.Access;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace LiveClin.Evaluator.Service;

/// <summary>
/// Tells other programs of the same user where the services are and with which token: <c>STORE.access.json</c> beside a file,
/// <c>access.json</c> in the results folder for a database; readable by the owner alone, there while the service runs.
/// </summary>
internal sealed partial class AccessFile(
    ResultStore store, IOptions<EvaluatorOptions> options, AccessToken token, IServer server, IConfiguration configuration,
    IHostApplicationLifetime lifetime, ILogger<AccessFile> logger)
    : IHostedService
{
    private bool _isWritten;

    /// <summary>The file.</summary>
    public string FullName { get; } = store.IsShared
        ? Path.Combine(options.Value.FolderOf(store), "access.json") : store.Path + ".access.json";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(TryWrite);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        if (_isWritten) File.Delete(FullName);
        return Task.CompletedTask;
    }

    // Without it other programs are told address and token by whoever started the service; that is no reason to serve nobody.
    private void TryWrite()
    {
        try
        {
            Write();
            _isWritten = true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(FullName, error.Message);
        }
    }

    private void Write()
    {
        var own = AddressesOf(server.Features.Get<IServerAddressesFeature>()!.Addresses);
        var stats = configuration.GetSection($"{AccessToken.Section}:Stats");
        var json = new JsonObject
        {
            ["evaluator"] = own.Http, ["evaluatorGrpc"] = own.Grpc, ["stats"] = stats["Http"], ["statsGrpc"] = stats["Grpc"],
            ["token"] = token.Value,
        };
        Directory.CreateDirectory(Path.GetDirectoryName(FullName)!);
        File.Delete(FullName); // one that a crash left behind may have another mode
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new StreamWriter(FullName, options);
        file.WriteLine(json.ToJsonString());
    }

    [LoggerMessage(EventId = 20, EventName = "AccessFileNotWritten", Level = LogLevel.Warning,
        Message = "{File} cannot be written, so that other programs do not find the service by themselves: {Reason}")]
    private partial void LogNotWritten(string file, string reason);

    // Kestrel lists its endpoints in the order of their names: grpc, http.
    private static (string? Grpc, string? Http) AddressesOf(ICollection<string> addresses) =>
        (addresses.FirstOrDefault(), addresses.LastOrDefault());
}
