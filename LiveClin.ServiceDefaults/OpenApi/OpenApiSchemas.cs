using System.Text.Json.Nodes;
using Google.Protobuf.Reflection;

namespace LiveClin.ServiceDefaults.OpenApi;

/// <summary>
/// Messages of a contract as JSON schemas, as the protobuf JSON mapping writes them. A schema is made when it is first referred to.
/// </summary>
internal sealed class OpenApiSchemas
{
    private const string WellKnown = "google.protobuf.";
    private readonly SortedDictionary<string, JsonObject> _made = new(StringComparer.Ordinal);

    /// <summary>The schemas by name.</summary>
    public JsonObject ToJson() => new(_made.Select(made => KeyValuePair.Create<string, JsonNode?>(made.Key, made.Value)));

    /// <summary>A reference to a message's schema.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isRequest">Whether callers send it: then fields that it does not have are refused.</param>
    public JsonObject Of(MessageDescriptor message, bool isRequest)
    {
        if (message.FullName.StartsWith(WellKnown, StringComparison.Ordinal)) return Form(message.FullName[WellKnown.Length..]);
        var name = message.FullName;
        if (!_made.TryGetValue(name, out var schema))
        {
            _made.Add(name, schema = new JsonObject { ["type"] = "object" });
            schema["properties"] = new JsonObject(Fields(message, isRequest));
        }

        if (isRequest && !schema.ContainsKey("additionalProperties"))
        {
            schema["additionalProperties"] = false;
            foreach (var part in message.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message))
                Of(part, isRequest);
        }

        return new JsonObject { ["$ref"] = "#/components/schemas/" + name };
    }

    /// <summary>A field's schema.</summary>
    public JsonObject Of(FieldDescriptor field, bool isRequest)
    {
        if (field.IsMap) return new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = Single(field.MessageType.FindFieldByNumber(2), isRequest),
        };
        return field.IsRepeated ? new JsonObject { ["type"] = "array", ["items"] = Single(field, isRequest) } : Single(field, isRequest);
    }

    private IEnumerable<KeyValuePair<string, JsonNode?>> Fields(MessageDescriptor message, bool isRequest) =>
        message.Fields.InDeclarationOrder().Select(field => KeyValuePair.Create<string, JsonNode?>(field.JsonName, Of(field, isRequest)));

    private JsonObject Single(FieldDescriptor field, bool isRequest) => field.FieldType switch
    {
        FieldType.Message => Of(field.MessageType, isRequest),
        FieldType.Enum => Of(field.EnumType),
        FieldType.String => new JsonObject { ["type"] = "string" },
        FieldType.Bytes => new JsonObject { ["type"] = "string", ["contentEncoding"] = "base64" },
        FieldType.Bool => new JsonObject { ["type"] = "boolean" },
        FieldType.Double or FieldType.Float => new JsonObject
        {
            ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "number" }, new JsonObject
            {
                ["enum"] = new JsonArray("NaN", "Infinity", "-Infinity"),
            }),
        },
        FieldType.Int64 or FieldType.UInt64 or FieldType.SInt64 or FieldType.Fixed64 or FieldType.SFixed64 => new JsonObject
        {
            ["type"] = new JsonArray("integer", "string"),
            ["format"] = "int64",
        },
        _ => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
    };

    private JsonObject Of(EnumDescriptor type)
    {
        if (!_made.ContainsKey(type.FullName))
            _made.Add(type.FullName, new JsonObject
            {
                ["type"] = "string",
                ["enum"] = new JsonArray([.. type.Values.Select(value => JsonValue.Create(value.Name))]),
            });
        return new JsonObject { ["$ref"] = "#/components/schemas/" + type.FullName };
    }

    private static JsonObject Form(string name) => name switch
    {
        "Timestamp" => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
        "Duration" => new JsonObject { ["type"] = "string", ["pattern"] = @"^-?\d+(\.\d+)?s$" },
        "FieldMask" => new JsonObject { ["type"] = "string" },
        "Any" => new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["@type"] = new JsonObject { ["type"] = "string" } },
        },
        "Struct" or "Empty" => new JsonObject { ["type"] = "object" },
        "ListValue" => new JsonObject { ["type"] = "array" },
        _ => [], // wrappers and Value: any JSON
    };
}
