using System.Text;
using LiveClin.Core.Cases;
using LiveClin.Core.Releases;

namespace LiveClin.Core.Tests.Releases;

/// <summary>A folder of a test's own, in which it builds a release.</summary>
internal sealed class ReleaseFiles : IDisposable
{
    public ReleaseFiles() => Root = Directory.CreateTempSubdirectory("liveclin-release-").FullName;

    public string Root { get; }

    public string Jsonl => Path("t.jsonl");

    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public string Write(string relative, string text) => Write(relative, Encoding.UTF8.GetBytes(text));

    public string Write(string relative, byte[] bytes)
    {
        var path = Path(relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public Task<Release> ReadAsync(string jsonl, ReleaseOptions? options = null)
    {
        Write("t.jsonl", jsonl);
        return ReadAsync(options);
    }

    public Task<Release> ReadAsync(ReleaseOptions? options = null) =>
        ReleaseReader.ReadAsync(ReleaseLocation.FromFile(Jsonl), options ?? new ReleaseOptions(), TestContext.Current.CancellationToken);

    /// <summary>Reads what must fail; gives the exception's message without the folder.</summary>
    public async Task<string> FailAsync(string jsonl, ReleaseOptions? options = null)
    {
        var e = await Assert.ThrowsAnyAsync<ReleaseException>(() => ReadAsync(jsonl, options));
        return e.Message.Replace(Root + "/", "", StringComparison.Ordinal);
    }

    public string[] Warnings(Release release) =>
        [.. release.Warnings.Select(w => w.ToString().Replace(Root + "/", "", StringComparison.Ordinal))];

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>A whole case as one line; parts can be replaced by other JSON.</summary>
    public static string Case(
        string pmc = "1", string? ids = null, string scenario = "\"A man.\"", string? mcqs = null, string policy = "",
        string question = "\"What?\"",
        string options = """{"A": "one", "B": "two"}""", string key = "\"A\"", string mcq = "") =>
        "{" + (ids ?? $"\"pmc\": \"{pmc}\"") + ", \"exam_creation\": {\"final_policy\": {\"scenario\": " + scenario + ", \"mcqs\": "
        + (mcqs ?? "[{\"question\": " + question + ", \"options\": " + options + ", \"correct_answer\": " + key + mcq + "}]") + policy
            + "}}}";

    /// <summary>A case whose question has one image.</summary>
    public static string CaseWithImage(string file, string pmc = "1") =>
        Case(pmc, mcq: $$""", "image_details": [{"file": {{System.Text.Json.JsonSerializer.Serialize(file)}}, "caption_prefix": "Figure 1", "url": "https://example.org/1.png"}]""");
}
