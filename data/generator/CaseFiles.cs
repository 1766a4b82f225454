using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LiveClin.DemoFigures;

/// <summary>The cases: indented JSON for people, one line each in the release.</summary>
internal static class CaseFiles
{
    /// <summary>Writes every case file, ordered by name, as one line with the fields in their order; returns their number.</summary>
    public static int WriteJsonLines(string folder, string target)
    {
        var lines = new StringBuilder();
        var files = Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal).ToList();
        foreach (var file in files)
            lines.Append(Minify(file)).Append('\n');
        File.WriteAllText(target, lines.ToString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return files.Count;
    }

    private static string Minify(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        using var stream = new MemoryStream();
        // Relaxed: the texts stay readable (µ, ≥, quotation marks) instead of becoming \u escapes.
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            document.RootElement.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
