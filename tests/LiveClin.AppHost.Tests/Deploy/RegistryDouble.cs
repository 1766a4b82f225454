using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LiveClin.AppHost.Tests.Deploy;

/// <summary>
/// A registry of container images on loopback, as the OCI distribution specification has it, as far as pulling a base image and pushing
/// an image need: it has one image, <c>base:10.0</c>, without any file in it, and keeps what is pushed.
/// </summary>
internal sealed class RegistryDouble : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, byte[]> _blobs = [];
    private readonly ConcurrentDictionary<string, byte[]> _manifests = [];
    private readonly ConcurrentDictionary<string, MemoryStream> _uploads = [];

    private RegistryDouble(WebApplication app) => _app = app;

    /// <summary>Host and port.</summary>
    public string Address =>
        new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Authority;

    public static async Task<RegistryDouble> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null).UseUrls("http://127.0.0.1:0");
        var registry = new RegistryDouble(builder.Build());
        registry.AddBase();
        registry._app.Run(registry.AnswerAsync);
        await registry._app.StartAsync();
        return registry;
    }

    /// <summary>The configuration of a pushed image: user, environment, entry point.</summary>
    public JsonNode ConfigurationOf(string image)
    {
        var manifest = JsonNode.Parse(_manifests[image])!;
        return JsonNode.Parse(_blobs[(string)manifest["config"]!["digest"]!])!["config"]!;
    }

    /// <summary>The layers of a pushed image, each a compressed archive.</summary>
    public IReadOnlyList<byte[]> LayersOf(string image) =>
        [.. JsonNode.Parse(_manifests[image])!["layers"]!.AsArray().Select(layer => _blobs[(string)layer!["digest"]!])];

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void AddBase()
    {
        var configuration = Put(Encoding.UTF8.GetBytes("""{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/usr/bin:/bin"]},"rootfs":{"type":"layers","diff_ids":[]},"history":[]}"""));
        _manifests["base:10.0"] = Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"mediaType":"{{{ManifestType}}}","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"{{{configuration.Digest}}}","size":{{{configuration.Size}}}},"layers":[]}""");
    }

    private (string Digest, int Size) Put(byte[] blob)
    {
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(blob));
        _blobs[digest] = blob;
        return (digest, blob.Length);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var parts = request.Path.Value!.Trim('/').Split('/');
        switch (parts)
        {
            case ["v2"]:
                return;
            case ["v2", var name, "manifests", var tag] when HttpMethods.IsPut(request.Method):
                _manifests[$"{name}:{tag}"] = await BodyAsync(request);
                response.StatusCode = StatusCodes.Status201Created;
                return;
            case ["v2", var name, "manifests", var tag]:
                await SendAsync(response, request, _manifests.GetValueOrDefault($"{name}:{tag}"), ManifestType);
                return;
            case ["v2", var name, "blobs", "uploads"]:
                var upload = Guid.NewGuid().ToString("N");
                _uploads[upload] = new MemoryStream();
                (response.StatusCode, response.Headers.Location) =
                    (StatusCodes.Status202Accepted, $"http://{request.Host}/v2/{name}/blobs/uploads/{upload}");
                return;
            case ["v2", _, "blobs", "uploads", var id]:
                await request.Body.CopyToAsync(_uploads[id]);
                if (HttpMethods.IsPut(request.Method))
                {
                    var digest = Put(_uploads[id].ToArray()).Digest;
                    response.StatusCode = digest == request.Query["digest"]
                        ? StatusCodes.Status201Created : StatusCodes.Status400BadRequest;
                    return;
                }

                response.StatusCode = StatusCodes.Status202Accepted;
                response.Headers.Location = $"http://{request.Host}{request.Path}";
                response.Headers.Range = $"0-{_uploads[id].Length - 1}";
                return;
            case ["v2", _, "blobs", var digest]:
                await SendAsync(response, request, _blobs.GetValueOrDefault(digest), "application/octet-stream");
                return;
            default:
                response.StatusCode = StatusCodes.Status404NotFound;
                return;
        }
    }

    private static async Task SendAsync(HttpResponse response, HttpRequest request, byte[]? content, string type)
    {
        if (content is null)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        (response.ContentType, response.ContentLength) = (type, content.Length);
        response.Headers["Docker-Content-Digest"] = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        if (!HttpMethods.IsHead(request.Method)) await response.Body.WriteAsync(content);
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
