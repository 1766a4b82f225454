using System.Buffers.Binary;
using System.Text.Json.Nodes;

namespace LiveClin.Benchmarks.Evaluate;

/// <summary>
/// A release of the real one's size, made of data/demo: its cases again and again under other identifiers, its figures padded
/// to the real release's mean size (about 130 KB), so that a run sends about 1.4 GB.
/// </summary>
internal static class GeneratedRelease
{
    private const int ImageBytes = 130_000;
    private const int FiguresPerCase = 2; // 2,970 images over 1,407 cases

    /// <summary>Writes the release below a folder and returns the JSONL file's path.</summary>
    public static string Write(string demoFolder, string folder, int cases)
    {
        var images = Path.Combine(folder, "images");
        Directory.CreateDirectory(images);
        var names = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(demoFolder, "images"), "*.png").Order(StringComparer.Ordinal))
        {
            names.Add(Path.GetFileName(file));
            File.WriteAllBytes(Path.Combine(images, names[^1]), Pad(File.ReadAllBytes(file)));
        }

        var templates = File.ReadAllLines(Path.Combine(demoFolder, "demo.jsonl")).Where(line => line.Length > 0).ToArray();
        var path = Path.Combine(folder, "generated.jsonl");
        using var writer = new StreamWriter(path);
        for (var i = 0; i < cases; i++) writer.WriteLine(Case(templates[i % templates.Length], i, names));
        return path;
    }

    private static string Case(string template, int index, List<string> images)
    {
        var root = JsonNode.Parse(template)!.AsObject();
        root["pmc"] = (80_000_000 + index).ToString(System.Globalization.CultureInfo.InvariantCulture);
        root["doi"] = $"10.5555/generated.{index}";
        var policy = root["exam_creation"]!["final_policy"]!.AsObject();
        policy["scenario_image_details"] = null;
        var questions = policy["mcqs"]!.AsArray();
        for (var q = 0; q < questions.Count; q++)
        {
            var figures = new JsonArray();
            if (q is 1 or 3) // each figure is sent again with every later turn
                figures.Add(new JsonObject
                {
                    ["file"] = images[(index * FiguresPerCase + q / 2) % images.Count],
                    ["caption_prefix"] = $"Figure {q + 1}",
                    ["type"] = "CT",
                });
            questions[q]!["image_details"] = figures;
        }

        return root.ToJsonString();
    }

    // A private ancillary chunk of noise before IEND: still a valid PNG, but as large as a real figure.
    private static byte[] Pad(byte[] png)
    {
        var noise = new byte[Math.Max(0, ImageBytes - png.Length - 12)];
        new Random(png.Length).NextBytes(noise);
        var padded = new byte[png.Length + noise.Length + 12];
        var end = png.Length - 12;
        png.AsSpan(0, end).CopyTo(padded);
        BinaryPrimitives.WriteInt32BigEndian(padded.AsSpan(end), noise.Length);
        "paDd"u8.CopyTo(padded.AsSpan(end + 4));
        noise.CopyTo(padded, end + 8);
        BinaryPrimitives.WriteUInt32BigEndian(padded.AsSpan(end + 8 + noise.Length),
            System.IO.Hashing.Crc32.HashToUInt32(padded.AsSpan(end + 4, 4 + noise.Length)));
        png.AsSpan(end).CopyTo(padded.AsSpan(end + 12 + noise.Length));
        return padded;
    }
}
