using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Xunit;

namespace LiveClin.Testing;

/// <summary>A service's OpenAPI document, held against what the service does.</summary>
public sealed class OpenApiContract
{
    private readonly JsonObject _document;

    private OpenApiContract(JsonObject document) => _document = document;

    /// <summary>Reads the document of a running service and checks its form.</summary>
    public static async Task<OpenApiContract> ReadAsync(HttpClient http)
    {
        using var response = await http.GetAsync("openapi/v1.json", TestContext.Current.CancellationToken);
        var document = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
        Assert.Equal(("3.1.0", "application/json"), ((string)document["openapi"]!, response.Content.Headers.ContentType!.MediaType));
        var contract = new OpenApiContract(document);
        foreach (var reference in References(document))
            Assert.True(document["components"]!["schemas"]![reference["#/components/schemas/".Length..]] is not null,
                $"{reference} leads nowhere");
        foreach (var (path, operations) in document["paths"]!.AsObject())
            foreach (var (_, operation) in operations!.AsObject())
                foreach (var name in path.Split('{').Skip(1).Select(part => part[..part.IndexOf('}', StringComparison.Ordinal)]))
                    Assert.Contains(operation!["parameters"]!.AsArray(), parameter => (string)parameter!["name"]! == name
                        && (string)parameter["in"]! == "path" && (bool)parameter["required"]!);
        return contract;
    }

    /// <summary>All operations: <c>get /v1/runs</c>.</summary>
    public IReadOnlyList<string> Operations =>
        [.. _document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key} {path.Key}"))];

    /// <summary>Names of an operation's query parameters.</summary>
    public IReadOnlyList<string> Query(string verb, string path) =>
        [.. _document["paths"]![path]![verb]!["parameters"]!.AsArray().Where(parameter => (string)parameter!["in"]! == "query")
            .Select(parameter => (string)parameter!["name"]!)];

    /// <summary>Fails unless a real answer is what the document says.</summary>
    public void AssertAnswer(string verb, string path, string answer) =>
        AssertValid(_document["paths"]![path]![verb]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!, answer);

    /// <summary>Whether the document lets a request's body through.</summary>
    public bool Takes(string verb, string path, string body) =>
        Evaluate(_document["paths"]![path]![verb]!["requestBody"]!["content"]!["application/json"]!["schema"]!, body).IsValid;

    private void AssertValid(JsonNode schema, string json)
    {
        var result = Evaluate(schema, json);
        Assert.True(result.IsValid,
            string.Join("; ", result.Details?.Where(detail => detail.Errors is not null)
            .Select(detail => $"{detail.InstanceLocation}: {string.Join(", ", detail.Errors!.Values)}") ?? []));
    }

    // The schemas of OpenAPI 3.1 are those of JSON Schema; only they stand elsewhere.
    private EvaluationResults Evaluate(JsonNode schema, string json)
    {
        var whole = schema.DeepClone().AsObject();
        whole["$defs"] = _document["components"]!["schemas"]!.DeepClone();
        var text = whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        return JsonSchema.FromText(text).Evaluate(JsonDocument.Parse(json).RootElement, new EvaluationOptions
        {
            OutputFormat = OutputFormat.List,
        });
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(property => property.Key == "$ref" ? [(string)property.Value!] : References(property.Value)),
        JsonArray array => array.SelectMany(References),
        _ => [],
    };
}
