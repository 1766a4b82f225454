using System.ClientModel;
using System.Text;

namespace LiveClin.Evaluator.Models;

/// <summary>A form with a file of batch requests, sent from the disk.</summary>
/// <param name="path">The file.</param>
internal sealed class FileUpload(string path) : BinaryContent
{
    private readonly string _boundary = $"liveclin-{Guid.NewGuid():N}";

    /// <summary>The form's media type.</summary>
    public string ContentType => $"multipart/form-data; boundary={_boundary}";

    private byte[] Head => Encoding.ASCII.GetBytes(
        $"--{_boundary}\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n"
        + $"--{_boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{Path.GetFileName(path)}\"\r\nContent-Type: application/jsonl\r\n\r\n");

    private byte[] Tail => Encoding.ASCII.GetBytes($"\r\n--{_boundary}--\r\n");

    public override bool TryComputeLength(out long length)
    {
        length = Head.Length + new FileInfo(path).Length + Tail.Length;
        return true;
    }

    public override void WriteTo(Stream stream, CancellationToken cancellationToken = default)
    {
        using var file = File.OpenRead(path);
        stream.Write(Head);
        file.CopyTo(stream);
        stream.Write(Tail);
    }

    public override async Task WriteToAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        var file = File.OpenRead(path);
        await using var _ = file.ConfigureAwait(false);
        await stream.WriteAsync(Head, cancellationToken).ConfigureAwait(false);
        await file.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
        await stream.WriteAsync(Tail, cancellationToken).ConfigureAwait(false);
    }

    public override void Dispose()
    {
        // the file is open only while it is sent
    }
}
