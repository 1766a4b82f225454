using System.Buffers;
using System.Text.Json;

namespace LiveClin.Evaluator.Baselines;

/// <summary>The baselines' API: models and chat completions as OpenAI's.</summary>
internal static class BaselineEndpoints
{
    private const string Owner = "liveclin";

    /// <summary>Largest request without its images, in bytes.</summary>
    public const int LargestText = 16 << 20;

    // In published form \boxed{X}: four to five tokens in every tokenizer at hand.
    private const int CompletionTokens = 5;

    public static void MapBaselines(this IEndpointRouteBuilder app, ServedModels models)
    {
        app.MapGet("/v1/models", () => Results.Json(new ModelList("list", [.. models.Listed.Select(Entry)]), WireFormat.Default.ModelList));
        app.MapGet("/v1/models/{**id}", (string id) =>
            models.Refusal(id) is { } refusal ? UnknownModel(refusal) : Results.Json(Entry(id), WireFormat.Default.ModelEntry));
        app.MapPost("/v1/chat/completions",
            (HttpContext context, CancellationToken cancellationToken) => CompleteAsync(context, models, cancellationToken));
        app.MapFallback((HttpContext context) => Error(
            StatusCodes.Status404NotFound, $"Unknown request URL: {context.Request.Method} {context.Request.Path}.", null, "unknown_url"));
    }

    private static async Task<IResult> CompleteAsync(HttpContext context, ServedModels models, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>(32 << 10);
        ChatRequest request;
        string letter;
        try
        {
            if (!await ImageElision.ReadAsync(context.Request.BodyReader, body, LargestText, models.LooksAtImages, cancellationToken))
                return Error(StatusCodes.Status413PayloadTooLarge, $"The request has more than {LargestText} bytes without its images.",
                    null, "request_too_large");
            request = ChatRequest.Parse(body.WrittenMemory);
            if (models.Refusal(request.Model) is { } refusal) return UnknownModel(refusal);
            letter = await models.AnswerAsync(request, cancellationToken);
        }
        catch (JsonException error)
        {
            return Error(StatusCodes.Status400BadRequest, "We could not parse the JSON body of your request. " + error.Message, null, null);
        }
        catch (ChatRequestException error)
        {
            return Error(StatusCodes.Status400BadRequest, error.Message, error.Parameter, null);
        }
        catch (BadHttpRequestException error)
        {
            return Error(error.StatusCode, error.Message, null, error.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? "request_too_large" : null);
        }

        var reply = $"\\boxed{{{letter}}}"; // in the published form
        var completion = new Completion(
            "chatcmpl-" + Guid.CreateVersion7().ToString("N"), "chat.completion", DateTimeOffset.UtcNow.ToUnixTimeSeconds(), request.Model,
            [.. Enumerable.Range(0, request.Choices).Select(i => new Choice(i, new Message("assistant", reply), null, "stop"))],
            new Usage(request.PromptTokens, CompletionTokens * request.Choices, request.PromptTokens + CompletionTokens * request.Choices));
        return request.Stream
            ? Results.Stream(output => CompletionStream.WriteAsync(output, completion, request.StreamUsage, cancellationToken),
                "text/event-stream")
            : Results.Json(completion, WireFormat.Default.Completion);
    }

    private static ModelEntry Entry(string id) => new(id, "model", 0, Owner);

    private static IResult UnknownModel(string message) => Error(StatusCodes.Status404NotFound, message, "model", "model_not_found");

    private static IResult Error(int status, string message, string? parameter, string? code) => Results.Json(
        new ErrorBody(new ErrorDetail(message, "invalid_request_error", parameter, code)), WireFormat.Default.ErrorBody,
        statusCode: status);
}
