using System.Text.Json.Nodes;
using System.Xml.Linq;
using LiveClin.Testing;

namespace LiveClin.AppHost.Tests.Sweep;

/// <summary>Models of a settings file.</summary>
internal static class Models
{
    /// <summary>A model served by the stand-in for SGLang.</summary>
    public static JsonObject SGLang(string name, string path, JsonObject? behaviour = null, int tp = 1, int dp = 1, string? python = null)
    {
        var model = new JsonObject
        {
            ["Name"] = name,
            ["Server"] = "sglang",
            ["Path"] = path,
            ["ApiId"] = name.ToLowerInvariant(),
            ["Tp"] = tp,
            ["Dp"] = dp,
            ["Python"] = python,
        };
        if (behaviour is not null) model["Environment"] = new JsonObject { ["FAKE_SGLANG"] = behaviour.ToJsonString() };
        return model;
    }

    /// <summary>The model with one setting more.</summary>
    public static JsonObject With(this JsonObject model, string name, JsonNode value)
    {
        model[name] = value;
        return model;
    }
}

/// <summary>The summary file of a sweep.</summary>
internal static class Summary
{
    /// <summary>The test cases by model.</summary>
    public static Dictionary<string, XElement> Of(TemporaryFolder folder) =>
        XDocument.Load(folder["results/sweep-junit.xml"]).Descendants("testcase").ToDictionary(c => c.Attribute("name")!.Value);

    /// <summary>Why a model failed, or empty.</summary>
    public static string Error(XElement test) => test.Element("error")?.Attribute("message")?.Value ?? "";

    /// <summary>A figure of a model.</summary>
    public static int Property(XElement test, string name) =>
        (int)test.Descendants("property").Single(p => p.Attribute("name")!.Value == name).Attribute("value")!;
}

/// <summary>The logs of model servers.</summary>
internal static class ServerLog
{
    /// <summary>Chat completions that were answered, over all logs of a folder.</summary>
    public static int Replies(string folder) => !Directory.Exists(folder) ? 0 : Directory.GetFiles(folder).Sum(RepliesIn);

    /// <summary>Those of one start of a server, which has a log of its own.</summary>
    public static int RepliesIn(string file) => Read(file).Split("\"POST /v1/chat/completions HTTP/1.1\" 200").Length - 1;

    private static string Read(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}
