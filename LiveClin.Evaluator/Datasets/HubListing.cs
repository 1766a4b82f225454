using System.Text.Json;
using LiveClin.Core.Releases;

namespace LiveClin.Evaluator.Datasets;

/// <summary>Lists what the hub has, by its tree API (pages linked by the Link header).</summary>
internal sealed class HubListing(HubSettings settings, HubHttp http, HubRetry retry)
{
    private const int MaxPages = 2000, MaxPageBytes = 64 * 1024 * 1024, MaxFiles = 500_000;

    /// <summary>The files of a release, whose name is found whatever its case and underscores.</summary>
    /// <exception cref="HubException">There is none; says which there are.</exception>
    public async Task<HubRelease> FindAsync(string name, CancellationToken cancellationToken)
    {
        var folder = "data/" + name;
        var entries = await TryTreeAsync(folder, cancellationToken);
        if (entries is not { Count: > 0 })
        {
            var folders = await FoldersAsync(cancellationToken);
            name = folders.FirstOrDefault(f => ReleaseName.Same(f, name))
                ?? throw new HubException(
                    $"{settings.Repository} has no release '{name}'; it has {(folders.Count == 0 ? "none" : string.Join(", ", folders))}.",
                    isSetup: true);
            folder = "data/" + name;
            entries = await TryTreeAsync(folder, cancellationToken) ?? [];
        }

        var files = entries.Where(e => e.Type == "file").Select(e => HubFile.From(e, folder)).ToList();
        if (files.Count == 0) throw new HubException($"The hub's folder {folder} holds no files.", isSetup: true);
        if (files.GroupBy(f => f.RelativePath, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new HubException(
                $"The hub's listing of {folder} names {twice.Key} twice, or in forms that differ only in case. Nothing was downloaded.");
        return new HubRelease(name, files);
    }

    private async Task<List<string>> FoldersAsync(CancellationToken cancellationToken)
    {
        var entries = await TryTreeAsync("data", cancellationToken, recursive: false)
            ?? throw new HubException(
                $"{settings.Endpoint} has no dataset {settings.Repository} with a data folder at {settings.Revision} (404). A private one needs HF_TOKEN.", isSetup: true);
        return [.. entries.Where(e => e.Type == "directory" && e.Path is not null && ReleaseName.IsValid(e.Path.Split('/')[^1]))
            .Select(e => e.Path!.Split('/')[^1])];
    }

    // Null when the hub has no such folder.
    private async Task<List<HubTreeEntry>?> TryTreeAsync(string folder, CancellationToken cancellationToken, bool recursive = true)
    {
        var next = new Uri($"{settings.Endpoint.AbsoluteUri.TrimEnd('/')}/api/datasets/{settings.Repository}/tree/{Uri.EscapeDataString(settings.Revision)}/{folder}{(recursive ? "?recursive=true" : "")}");
        var entries = new List<HubTreeEntry>();
        for (var page = 0; next is not null; page++)
        {
            if (page == MaxPages || entries.Count > MaxFiles) throw new HubException($"The hub's listing of {folder} does not end.");
            try
            {
                var address = next;
                next = await retry.RunAsync($"listing of {folder}", async () => await PageAsync(address, entries, cancellationToken),
                    cancellationToken);
            }
            catch (HubNotFoundException)
            {
                return null;
            }
        }

        return entries;
    }

    private async Task<Uri?> PageAsync(Uri address, List<HubTreeEntry> entries, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(address, 0, cancellationToken);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(settings.Patience);
            await response.Content.LoadIntoBufferAsync(MaxPageBytes, patience.Token);
            await using var body = await response.Content.ReadAsStreamAsync(patience.Token);
            entries.AddRange(await JsonSerializer.DeserializeAsync(body, HubJson.Default.ListHubTreeEntry, patience.Token) ?? []);
            return NextPage(response, address);
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new HubTransientException($"the connection to {address.Host} was cut: {e.Message}");
        }
        catch (JsonException e)
        {
            throw new HubException(
                $"{HubHttp.Shown(address)} is not a listing as the hub gives them: {e.Message} Is HF_ENDPOINT the address of a hub?");
        }
    }

    // Link: <https://hub/api/…?cursor=…>; rel="next"
    private static Uri? NextPage(HttpResponseMessage response, Uri address)
    {
        if (!response.Headers.TryGetValues("Link", out var links)) return null;
        var next = links.SelectMany(l => l.Split(',')).FirstOrDefault(l => l.Contains("rel=\"next\"", StringComparison.OrdinalIgnoreCase));
        if (next is null || next.IndexOf('<') is not (>= 0 and var from) || next.IndexOf('>') is not (>= 0 and var to) || to < from)
            return null;
        var target = new Uri(address, next[(from + 1)..to]);
        return target.Scheme is "http" or "https"
            ? target : throw new HubException($"The hub's listing continues at an address that is none ({target.Scheme}).");
    }
}

/// <summary>A release on the hub.</summary>
/// <param name="Name">Its folder's name.</param>
/// <param name="Files">Its files.</param>
internal sealed record HubRelease(string Name, IReadOnlyList<HubFile> Files);
