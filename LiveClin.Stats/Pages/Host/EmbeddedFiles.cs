using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace LiveClin.Stats.Pages.Host;

/// <summary>Scripts, styles and fonts from this assembly's resources: they are there however the service is started.</summary>
internal sealed class EmbeddedFiles
{
    private const string Prefix = "assets/";
    private readonly Dictionary<string, EmbeddedFile> _files;

    public EmbeddedFiles()
    {
        var assembly = typeof(EmbeddedFiles).Assembly;
        _files = assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(n => n[Prefix.Length..], n => new EmbeddedFile(n, Tag(n), ContentType(n)));

        string Tag(string name)
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            return Convert.ToHexStringLower(SHA256.HashData(stream))[..16];
        }
    }

    /// <summary>The address of a file; it changes with its content, so that browsers may keep it for good.</summary>
    public string Url(string name) => $"/{Prefix}{name}?v={_files[name].Tag}";

    public void Map(IEndpointRouteBuilder app)
    {
        foreach (var (name, file) in _files) app.MapGet("/" + Prefix + name, context => SendAsync(context, file));
    }

    private static async Task SendAsync(HttpContext context, EmbeddedFile file)
    {
        var response = context.Response.GetTypedHeaders();
        response.CacheControl = new CacheControlHeaderValue { Public = true, MaxAge = TimeSpan.FromDays(365) };
        response.ETag = new EntityTagHeaderValue($"\"{file.Tag}\"");
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(t => t.Compare(response.ETag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        await using var stream = typeof(EmbeddedFiles).Assembly.GetManifestResourceStream(file.Resource)!;
        context.Response.ContentType = file.ContentType;
        context.Response.ContentLength = stream.Length;
        await stream.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".ttf" => "font/ttf",
        var other => throw new InvalidOperationException($"Embedded file '{name}': no content type is known for '{other}'."),
    };

    private sealed record EmbeddedFile(string Resource, string Tag, string ContentType);
}
