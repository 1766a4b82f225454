using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LiveClin.Evaluator.Datasets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace LiveClin.Evaluator.Tests.Datasets;

/// <summary>A request that a fake hub got.</summary>
internal sealed record HubRequest(string Path, string Authorization, string Range);

/// <summary>A hub on loopback: tree listings in pages, files with ranges, LFS files by a redirect to another origin.</summary>
internal sealed class FakeHub : IAsyncDisposable
{
    private const string Repository = "/datasets/AQ-MedAI/LiveClin/resolve/main/";
    private const string Tree = "/api/datasets/AQ-MedAI/LiveClin/tree/main/";

    private readonly WebApplication _hub;
    private readonly WebApplication _store;

    private FakeHub(WebApplication hub, WebApplication store) => (_hub, _store) = (hub, store);

    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Entries that a listing adds or gives in the place of its own.</summary>
    public Dictionary<string, JsonObject> Listed { get; } = [];

    public ConcurrentQueue<HubRequest> HubRequests { get; } = [];

    public ConcurrentQueue<HubRequest> StoreRequests { get; } = [];

    public int PageSize { get; set; } = 3;

    /// <summary>
    /// What happens to a request before it is served; true when it was answered. Gets the path and how often it came before.
    /// </summary>
    public Func<HttpContext, string, int, Task<bool>> Fault { get; set; } = (_, _, _) => Task.FromResult(false);

    public HubSettings Settings => new() { Endpoint = new Uri(Address(_hub)), Token = "hf_secret", Parallel = 3 };

    public string StoreAddress => Address(_store);

    public static async Task<FakeHub> StartAsync()
    {
        var (hub, store) = (Create(), Create());
        var fake = new FakeHub(hub, store);
        hub.Run(fake.ServeHubAsync);
        store.Run(fake.ServeStoreAsync);
        await hub.StartAsync(TestContext.Current.CancellationToken);
        await store.StartAsync(TestContext.Current.CancellationToken);
        return fake;
    }

    /// <summary>A release of a JSONL file (not in LFS) and some images (in LFS).</summary>
    public FakeHub WithRelease(string name = "2025_H1", int images = 5)
    {
        Files[$"data/{name}/{name}.jsonl"] = Encoding.UTF8.GetBytes("{\"pmc\": \"1\"}\n");
        for (var i = 0; i < images; i++)
            Files[$"data/{name}/image/{i}.jpg"] = [.. Enumerable.Range(0, 300_000).Select(n => (byte)(n * (i + 7) / 3))];
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static WebApplication Create()
    {
        // Empty: the evaluator's appsettings.json, which lies beside the tests, names endpoints of its own.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddLogging();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private static string Address(WebApplication app) => app.Urls.Single();

    private async Task ServeHubAsync(HttpContext context)
    {
        if (await RecordAsync(context, HubRequests)) return;
        var path = context.Request.Path.Value!;
        if (path.StartsWith(Tree, StringComparison.Ordinal)) await ListAsync(context, path[Tree.Length..]);
        else if (path.StartsWith(Repository, StringComparison.Ordinal) && Files.TryGetValue(path[Repository.Length..], out var content))
        {
            if (IsLfs(path)) context.Response.Redirect($"{StoreAddress}/{path[Repository.Length..]}?Signature=very-secret");
            else await SendAsync(context, content);
        }
        else context.Response.StatusCode = 404;
    }

    private async Task ServeStoreAsync(HttpContext context)
    {
        if (await RecordAsync(context, StoreRequests)) return;
        await SendAsync(context, Files[context.Request.Path.Value![1..]]);
    }

    private async Task<bool> RecordAsync(HttpContext context, ConcurrentQueue<HubRequest> requests)
    {
        var path = context.Request.Path.Value!;
        var before = requests.Count(r => r.Path == path);
        requests.Enqueue(new HubRequest(path, context.Request.Headers.Authorization.ToString(), context.Request.Headers.Range.ToString()));
        return await Fault(context, path, before);
    }

    private async Task ListAsync(HttpContext context, string folder)
    {
        var recursive = context.Request.Query["recursive"] == "true";
        var below = Files.Keys.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal)).ToList();
        var entries = below.Where(f => recursive || !f[(folder.Length + 1)..].Contains('/')).Select(Entry)
            .Concat(below.Select(f => f[(folder.Length + 1)..]).Where(f => f.Contains('/')).Select(f => f[..f.IndexOf('/')]).Distinct()
                .Select(d => new JsonObject { ["type"] = "directory", ["oid"] = "0", ["size"] = 0, ["path"] = $"{folder}/{d}" }))
            .Concat(Listed.Where(l => !Files.ContainsKey(l.Key)).Select(l => (JsonObject)l.Value.DeepClone())).ToList();
        if (below.Count == 0)
        {
            context.Response.StatusCode = 404;
            return;
        }

        var from = int.TryParse(context.Request.Query["cursor"], CultureInfo.InvariantCulture, out var cursor) ? cursor : 0;
        if (from + PageSize < entries.Count)
            context.Response.Headers.Link =
                $"<{Address(_hub)}{context.Request.Path}?recursive={(recursive ? "true" : "false")}&cursor={from + PageSize}>; rel=\"next\"";
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonArray([.. entries.Skip(from).Take(PageSize)]).ToJsonString());
    }

    private JsonObject Entry(string path)
    {
        if (Listed.TryGetValue(path, out var listed)) return (JsonObject)listed.DeepClone();
        var content = Files[path];
        var blob = Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
        var entry = new JsonObject { ["type"] = "file", ["oid"] = blob, ["size"] = content.Length, ["path"] = path };
        if (IsLfs(path)) entry["lfs"] = new JsonObject
        {
            ["oid"] = Convert.ToHexStringLower(SHA256.HashData(content)),
            ["size"] = content.Length,
            ["pointerSize"] = 130,
        };
        return entry;
    }

    private static bool IsLfs(string path) => path.EndsWith(".jpg", StringComparison.Ordinal);

    private static Task SendAsync(HttpContext context, byte[] content) =>
        Results.Bytes(content, "application/octet-stream", enableRangeProcessing: true).ExecuteAsync(context);

    /// <summary>Sends a part of a content and cuts the connection once it has arrived.</summary>
    public static async Task CutAsync(HttpContext context, byte[] content, int from, int to, Func<int, Task> arrived)
    {
        context.Response.StatusCode = from > 0 ? 206 : 200;
        context.Response.ContentLength = content.Length - from;
        if (from > 0) context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        await context.Response.Body.WriteAsync(content.AsMemory(from, to - from));
        await context.Response.Body.FlushAsync();
        await arrived(to);
        context.Features.Get<IHttpRequestLifetimeFeature>()!.Abort();
    }
}
