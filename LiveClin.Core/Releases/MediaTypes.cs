namespace LiveClin.Core.Releases;

/// <summary>Media types of image files by extension, as Python's <c>mimetypes.guess_type</c> gives them.</summary>
public static class MediaTypes
{
    // CPython's standard table (mimetypes.py), image types only; .jfif is in the table that Linux distributions add.
    private static readonly Dictionary<string, string> Images = new(StringComparer.OrdinalIgnoreCase)
    {
        [".avif"] = "image/avif", [".bmp"] = "image/bmp", [".gif"] = "image/gif", [".heic"] = "image/heic", [".heif"] = "image/heif",
        [".ico"] = "image/vnd.microsoft.icon", [".ief"] = "image/ief", [".jfif"] = "image/jpeg", [".jpe"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".jpg"] = "image/jpeg", [".pbm"] = "image/x-portable-bitmap", [".pgm"] = "image/x-portable-graymap", [".png"] = "image/png",
        [".pnm"] = "image/x-portable-anymap", [".ppm"] = "image/x-portable-pixmap", [".ras"] = "image/x-cmu-raster",
        [".rgb"] = "image/x-rgb",
        [".svg"] = "image/svg+xml", [".tif"] = "image/tiff", [".tiff"] = "image/tiff", [".webp"] = "image/webp",
        [".xbm"] = "image/x-xbitmap", [".xpm"] = "image/x-xpixmap", [".xwd"] = "image/x-xwindowdump",
    };

    // Case-sensitive, as in Python: x.png.gz counts as a (compressed) PNG, x.png.GZ as unknown.
    private static readonly string[] Encodings = [".gz", ".Z", ".bz2", ".xz", ".br"];

    /// <summary>The image type of a file name or path with <c>/</c> separators; null when it is unknown or no image.</summary>
    public static string? OfImage(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        var extension = Extension(name);
        if (extension.Equals(".svgz", StringComparison.OrdinalIgnoreCase)) return Images[".svg"]; // short for .svg.gz
        if (Encodings.Contains(extension)) extension = Extension(name[..^extension.Length]);
        return Images.GetValueOrDefault(extension);
    }

    // posixpath.splitext: dots at the beginning of a name do not begin an extension.
    private static string Extension(string name)
    {
        var stem = name.TrimStart('.');
        var dot = stem.LastIndexOf('.');
        return dot < 0 ? "" : stem[dot..];
    }
}
