using System.Text.Json;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LiveClin.ServiceDefaults.Rpc;

/// <summary>
/// Refuses JSON calls with fields or query parameters that the contract does not have. Transcoding passes them over, and a mistyped
/// <c>"limt": 5</c> would ask a model for everything.
/// </summary>
internal static class JsonFieldCheck
{
    private const string WellKnown = "google.protobuf";

    // As large as a gRPC message may be; transcoding reads the whole body, too.
    private const int LargestBody = 4 << 20;

    /// <summary>Checks calls before they reach their service.</summary>
    public static void UseJsonFieldCheck(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is { } call)
        {
            var problems = UnknownParameters(call, context.Request).ToList();
            if (call.HttpRule.Body.Length > 0)
            {
                if (!IsUtf8(context.Request))
                    problems.Add(new FieldProblem("content-type", "names a character set; JSON is sent as UTF-8."));
                else problems.AddRange(await UnknownFieldsAsync(call, context));
            }

            if (problems.Count > 0)
            {
                await RpcErrors.ToHttp(RpcErrors.Invalid(problems)).ExecuteAsync(context);
                return;
            }
        }

        await next(context);
    });

    // Transcoding would read others, past this check, and has no answer to those that nobody knows.
    private static bool IsUtf8(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.Charset.Length == 0
            || type.Charset.ToString().Trim('"').ToUpperInvariant() is "UTF-8" or "UTF8" or "US-ASCII";

    private static IEnumerable<FieldProblem> UnknownParameters(GrpcJsonTranscodingMetadata call, HttpRequest request) =>
        from name in request.Query.Keys
        where !IsPath(call.MethodDescriptor.InputType, name.Split('.'))
        select new FieldProblem(name, $"is no parameter of this call; there are: {Names(call.MethodDescriptor.InputType)}.");

    private static bool IsPath(MessageDescriptor message, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty || Find(message, path[0]) is not { } field) return false;
        if (path.Length == 1) return true;
        return field is { FieldType: FieldType.Message, IsMap: false } && IsPath(field.MessageType, path[1..]);
    }

    private static async Task<List<FieldProblem>> UnknownFieldsAsync(GrpcJsonTranscodingMetadata call, HttpContext context)
    {
        var problems = new List<FieldProblem>();
        context.Request.EnableBuffering(bufferThreshold: 64 << 10, bufferLimit: LargestBody + 1);
        try
        {
            using var json = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var input = call.MethodDescriptor.InputType;
            if (call.HttpRule.Body == "*") Check(json.RootElement, input, "", problems);
            else if (input.FindFieldByName(call.HttpRule.Body) is { } body) CheckField(json.RootElement, body, body.JsonName, problems);
        }
        catch (Exception error) when (error is JsonException or IOException)
        {
            // What is no JSON, or too long, is the transcoding's to refuse.
        }
        catch (InvalidOperationException)
        {
            // Names are read here first, and a name can be half of a character.
            problems.Add(new FieldProblem("body", "holds a name that is no text (UTF-8 was expected)."));
        }

        context.Request.Body.Position = 0;
        return problems;
    }

    private static void Check(JsonElement json, MessageDescriptor message, string path, List<FieldProblem> problems)
    {
        // A type of its own form: a time is a text, a Struct holds anything.
        if (json.ValueKind != JsonValueKind.Object || message.File.Package == WellKnown) return;
        foreach (var property in json.EnumerateObject())
        {
            var at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            // Each names all fields that there are: a body may have a million wrong ones.
            if (problems.Count >= RpcErrors.MostViolations) return;
            if (Find(message, property.Name) is { } field) CheckField(property.Value, field, at, problems);
            else problems.Add(new FieldProblem(at, $"is no field of {message.Name}; there are: {Names(message)}."));
        }
    }

    private static void CheckField(JsonElement json, FieldDescriptor field, string path, List<FieldProblem> problems)
    {
        if (field.FieldType != FieldType.Message) return;
        if (field.IsMap)
        {
            if (json.ValueKind != JsonValueKind.Object
                || field.MessageType.FindFieldByNumber(2) is not { FieldType: FieldType.Message } value) return;
            foreach (var entry in json.EnumerateObject()) Check(entry.Value, value.MessageType, $"{path}.{entry.Name}", problems);
        }
        else if (field.IsRepeated)
        {
            if (json.ValueKind != JsonValueKind.Array) return;
            var index = 0;
            foreach (var element in json.EnumerateArray()) Check(element, field.MessageType, $"{path}[{index++}]", problems);
        }
        else
        {
            Check(json, field.MessageType, path, problems);
        }
    }

    // Both forms are JSON of the contract: apiId and api_id.
    private static FieldDescriptor? Find(MessageDescriptor message, string name) =>
        message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == name || field.Name == name);

    private static string Names(MessageDescriptor message) =>
        message.Fields.InDeclarationOrder() is { Count: > 0 } fields ? string.Join(", ", fields.Select(field => field.JsonName)) : "none";
}
