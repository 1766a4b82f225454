using System.Net;
using System.Security.Cryptography;

namespace LiveClin.Evaluator.Datasets;

/// <summary>
/// Downloads one file: into <c>NAME.HASH.incomplete</c>, which a later try continues, then moved to its name once its hash is right.
/// </summary>
internal sealed class FileDownload(HubSettings settings, HubHttp http, HubRetry retry, DownloadProgress progress)
{
    private const int MaxWrongHashes = 2;

    public async Task RunAsync(HubFile file, string target, CancellationToken cancellationToken)
    {
        if (await IsWholeAsync(file, target, cancellationToken))
        {
            progress.At(file.Path, file.Size);
            progress.FileDone();
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var incomplete = $"{target}.{file.Hash.Value[..8]}.incomplete";
        var wrongHashes = 0;
        await retry.RunAsync(file.Path, async () =>
        {
            var actual = await AttemptAsync(file, incomplete, cancellationToken);
            if (actual == file.Hash.Value) return true;
            File.Delete(incomplete);
            progress.At(file.Path, 0);
            if (++wrongHashes == MaxWrongHashes)
                throw new HubException(
                    $"{file.Path}: what arrives has the {file.Hash.Name} {actual}, but the hub lists {file.Hash.Value}. It was deleted; if this repeats, the mirror serves other data than it lists.");
            throw new HubTransientException("the hash of what arrived is wrong");
        }, cancellationToken);
        File.Move(incomplete, target, overwrite: true);
        progress.FileDone();
    }

    private static async Task<bool> IsWholeAsync(HubFile file, string target, CancellationToken cancellationToken)
    {
        if (new FileInfo(target) is not { Exists: true, Length: var length } || length != file.Size) return false;
        await using var present = File.OpenRead(target);
        return await file.Hash.OfAsync(present, cancellationToken) == file.Hash.Value;
    }

    /// <summary>Fetches what is missing; returns the hash of the whole.</summary>
    private async Task<string> AttemptAsync(HubFile file, string incomplete, CancellationToken cancellationToken)
    {
        await using var content = OpenAlone(incomplete);
        if (content.Length > file.Size) content.SetLength(0);
        using var hash = file.Hash.Begin();
        await ContentHash.AppendAsync(hash, content, cancellationToken);
        progress.At(file.Path, content.Length);
        if (content.Length < file.Size) await FetchAsync(file, content, hash, cancellationToken);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // A second process that downloads the same file stops instead of mixing bytes.
    private static FileStream OpenAlone(string incomplete)
    {
        try
        {
            return new FileStream(incomplete, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(incomplete))
        {
            throw new HubException($"{incomplete} cannot be opened; is another process downloading the same release? {e.Message}");
        }
    }

    private async Task FetchAsync(HubFile file, FileStream content, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var escaped = string.Join('/', file.Path.Split('/').Select(Uri.EscapeDataString));
        var address = new Uri(
            $"{settings.Endpoint.AbsoluteUri.TrimEnd('/')}/datasets/{settings.Repository}/resolve/{Uri.EscapeDataString(settings.Revision)}/{escaped}");
        using var response = await http.GetAsync(address, content.Length, cancellationToken);
        var begin = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? -1 : 0;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable || begin != content.Length)
        {
            // The server does not continue where we are: from the start, now if this is the start, else by another request.
            content.SetLength(0);
            hash.GetHashAndReset();
            hash.AppendData(System.Text.Encoding.ASCII.GetBytes(file.Hash.Header));
            progress.At(file.Path, 0);
            if (response.StatusCode != HttpStatusCode.OK)
                throw new HubTransientException("the server does not continue where the file ends");
        }

        await CopyAsync(file, response, content, hash, cancellationToken);
    }

    private async Task CopyAsync(HubFile file, HttpResponseMessage response, FileStream content, IncrementalHash hash,
        CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[128 * 1024];
        var begin = content.Length;
        while (content.Length < file.Size)
        {
            var read = await ReadAsync(body, buffer, content.Length > begin, patience, cancellationToken);
            if (read == 0) throw new HubTransientException($"the connection was cut after {content.Length} of {file.Size} bytes")
            {
                Progressed = content.Length > begin,
            };
            read = (int)Math.Min(read, file.Size - content.Length);
            hash.AppendData(buffer, 0, read);
            await content.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            progress.Fetched(read);
            progress.At(file.Path, content.Length);
        }
    }

    // Only what the network does is worth another try; a full disk is not.
    private async Task<int> ReadAsync(Stream body, byte[] buffer, bool progressed, CancellationTokenSource patience,
        CancellationToken cancellationToken)
    {
        patience.CancelAfter(settings.Patience);
        try
        {
            return await body.ReadAsync(buffer, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubTransientException($"nothing arrived for {settings.Patience.TotalSeconds:F0} s") { Progressed = progressed };
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new HubTransientException($"the connection was cut: {e.Message}") { Progressed = progressed };
        }
    }
}
