using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Google.Api;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace LiveClin.ServiceDefaults.OpenApi;

/// <summary>
/// What a service's JSON API is, as an OpenAPI 3.1 document. It is made of what the service really serves: the transcoded calls by their
/// descriptors, the files beside them by their endpoints.
/// </summary>
internal sealed partial class OpenApiDocument
{
    private const string Json = "application/json", Status = "google.rpc.Status";
    private readonly OpenApiSchemas _schemas = new();
    private readonly SortedDictionary<string, JsonObject> _paths = new(StringComparer.Ordinal);

    private OpenApiDocument()
    {
    }

    /// <summary>The document of a service.</summary>
    /// <param name="title">What the service is called.</param>
    /// <param name="version">Version of the program.</param>
    /// <param name="endpoints">Everything that it serves.</param>
    public static JsonObject Of(string title, string version, IEnumerable<Microsoft.AspNetCore.Http.Endpoint> endpoints)
    {
        var document = new OpenApiDocument();
        foreach (var endpoint in endpoints.OfType<RouteEndpoint>())
        {
            if (endpoint.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } call)
                document.Add(call.MethodDescriptor, call.HttpRule);
            else if (endpoint.RoutePattern.RawText?.StartsWith("/v1/", StringComparison.Ordinal) == true) document.AddFile(endpoint);
        }

        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = $"LiveClin: {title}", ["version"] = version,
                ["description"] = "The JSON form of the gRPC contract; its .proto files say what each field means. Fields and parameters that are not here are refused.",
            },
            ["paths"] = new JsonObject(document._paths.Select(path => KeyValuePair.Create<string, JsonNode?>(path.Key, path.Value))),
            ["components"] = new JsonObject { ["schemas"] = document._schemas.ToJson() },
        };
    }

    private void Add(MethodDescriptor method, HttpRule rule)
    {
        var (verb, pattern) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => ("get", rule.Get),
            HttpRule.PatternOneofCase.Post => ("post", rule.Post),
            HttpRule.PatternOneofCase.Put => ("put", rule.Put),
            HttpRule.PatternOneofCase.Patch => ("patch", rule.Patch),
            HttpRule.PatternOneofCase.Delete => ("delete", rule.Delete),
            _ => (rule.Custom.Kind.ToLowerInvariant(), rule.Custom.Path),
        };
        var inPath = Variable().Matches(pattern).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var operation = new JsonObject
        {
            ["operationId"] = method.Name,
            ["tags"] = new JsonArray(method.Service.Name),
            ["parameters"] = new JsonArray([.. PathParameters(method.InputType, inPath), .. rule.Body == "*"
                ? [] : QueryParameters(method.InputType, "", inPath, [])]),
        };
        if (rule.Body.Length > 0)
        {
            var body = rule.Body == "*" ? _schemas.Of(method.InputType, isRequest: true)
                : _schemas.Of(method.InputType.FindFieldByName(rule.Body), isRequest: true);
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(Json, body) };
        }

        operation["responses"] = new JsonObject
        {
            ["200"] = new JsonObject
            {
                ["description"] = method.IsServerStreaming ? "One JSON object per line, as they come." : "The answer.",
                ["content"] = Content(Json, _schemas.Of(method.OutputType, isRequest: false)),
            },
            ["default"] = Error(),
        };
        PathOf(Variable().Replace(pattern, "{$1}"))[verb] = operation;
    }

    private void AddFile(RouteEndpoint endpoint)
    {
        var inPath = endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.Ordinal);
        var parameters = endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Where(parameter => inPath.Contains(parameter.Name) || Simple(parameter.ParameterInfo.ParameterType) is not null)
            .Select(JsonNode (parameter) => Parameter(parameter.Name, inPath.Contains(parameter.Name),
                Simple(parameter.ParameterInfo.ParameterType) ?? new JsonObject { ["type"] = "string" }));
        var path = PathOf(endpoint.RoutePattern.RawText!);
        foreach (var verb in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
        {
            var operation = new JsonObject { ["parameters"] = new JsonArray([.. parameters]) };
            if (verb == "POST") operation["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = Content("application/octet-stream", []),
            };
            operation["responses"] = new JsonObject
            {
                ["200"] = new JsonObject
                {
                    ["description"] = verb == "POST" ? "The answer." : "The file.",
                    ["content"] = Content(verb == "POST" ? Json : "*/*", []),
                },
                ["default"] = Error(),
            };
            path[verb.ToLowerInvariant()] = operation;
        }
    }

    private IEnumerable<JsonNode> PathParameters(MessageDescriptor input, IEnumerable<string> names) =>
        names.Select(name => Parameter(name, isInPath: true, _schemas.Of(input.FindFieldByName(name), isRequest: true)));

    // Messages are given field by field: selection.release=…; a message within itself is given no further.
    private IEnumerable<JsonNode> QueryParameters(MessageDescriptor message, string prefix, IReadOnlySet<string> inPath,
        IReadOnlyCollection<MessageDescriptor> within) =>
        message.Fields.InDeclarationOrder().Where(field => prefix.Length > 0 || !inPath.Contains(field.Name)).SelectMany(field =>
            field is { FieldType: FieldType.Message, IsRepeated: false } && field.MessageType.File.Package != "google.protobuf"
                ? within.Contains(field.MessageType)
                    ? [] : QueryParameters(field.MessageType, $"{prefix}{field.Name}.", inPath, [.. within, message])
                : [Parameter(prefix + field.Name, isInPath: false, _schemas.Of(field, isRequest: true))]);

    private static JsonObject Parameter(string name, bool isInPath, JsonObject schema) =>
        new() { ["name"] = name, ["in"] = isInPath ? "path" : "query", ["required"] = isInPath, ["schema"] = schema };

    private static JsonObject? Simple(Type type) => Nullable.GetUnderlyingType(type) is { } inner ? Simple(inner)
        : type == typeof(string) ? new JsonObject { ["type"] = "string" }
        : type == typeof(int) ? new JsonObject { ["type"] = "integer" }
        : type == typeof(string[]) ? new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } }
        : null;

    private JsonObject Error() => new()
    {
        ["description"] = $"The error, as {Status}.",
        ["content"] = Content(Json, _schemas.Of(Google.Rpc.Status.Descriptor, isRequest: false)),
    };

    private static JsonObject Content(string mediaType, JsonObject schema) => new()
    {
        [mediaType] = new JsonObject { ["schema"] = schema },
    };

    private JsonObject PathOf(string path)
    {
        if (!_paths.TryGetValue(path, out var item)) _paths.Add(path, item = []);
        return item;
    }

    // {case_id=**} → case_id
    [GeneratedRegex(@"\{([a-z0-9_.]+)(?:=[^}]*)?\}")]
    private static partial Regex Variable();
}
