using System.Text.Json;
using System.Text.Json.Nodes;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Tests.Dialects;

/// <summary>Which refusal takes a field out of every request of a run, and which words do not.</summary>
public sealed class RefusedFieldsTests
{
    [Theory]
    [InlineData("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", "max_tokens")]
    [InlineData("Unsupported value: 'temperature' does not support 0.6 with this model. Only the default (1) value is supported.",
        "temperature")]
    [InlineData("temperature does not support 0 with this model. Only the default (1) value is supported.", "temperature")]
    [InlineData("Unrecognized request argument supplied: seed", "seed")]
    [InlineData("Invalid JSON payload received. Unknown name \"seed\": Cannot find field.", "seed")]
    [InlineData("`n` is not supported", "n")]
    [InlineData("n: Extra inputs are not permitted", "n")]
    [InlineData("The parameter `top_p` is currently not supported for this model.", "top_p")]
    [InlineData("`temperature` is deprecated for this model.", "temperature")]
    [InlineData("`temperature` and `top_p` cannot both be specified for this model. Please use only one.", "top_p")]
    [InlineData("The model returned the following errors: top_p and temperature cannot both be specified.", "top_p")]
    [InlineData("`temperature` may only be set to 1 when thinking is enabled. Please consult our documentation.", "temperature")]
    [InlineData("invalid temperature: only 1 is allowed for this model", "temperature")]
    [InlineData("litellm.BadRequestError: OpenAIException - Unsupported parameter: 'seed'", "seed")]
    [InlineData("[{'type': 'extra_forbidden', 'loc': ('body', 'seed'), 'msg': 'Extra inputs are not permitted', 'input': 1}]", "seed")]
    [InlineData("parameter.enable_thinking must be set to false for non-streaming calls", "stream")]
    [InlineData("This model only supports streaming; set the stream parameter.", "stream")]
    [InlineData("This model only support stream mode, please enable the stream parameter to access the model.", "stream")]
    [InlineData("Non-streaming calls are not supported", "stream")]
    [InlineData("Argument not supported on this model: seed", "seed")]
    [InlineData("Model grok-4 does not support parameter seed.", "seed")]
    [InlineData("property 'seed' is unsupported", "seed")]
    [InlineData("Extra inputs are not permitted, field: 'seed'", "seed")]
    [InlineData("Malformed input request: extraneous key [seed] is not permitted, please reformat your input and try again.", "seed")]
    [InlineData("Malformed input request: #: extraneous key [seed] is not permitted, please reformat your input.", "seed")]
    [InlineData("litellm.UnsupportedParamsError: anthropic does not support parameters: ['seed'], for model=claude-3.", "seed")]
    [InlineData("litellm.UnsupportedParamsError: bedrock does not support parameters: {'seed': 7}, for model=x.", "seed")]
    [InlineData("litellm.UnsupportedParamsError: gpt-5 models (including gpt-5-codex) don't support temperature=0. Only temperature=1 is.", "temperature")]
    [InlineData("Only temperature=1 is supported for this model.", "temperature")]
    [InlineData("`temperature` must be set to 1 for this model", "temperature")]
    [InlineData("Unsupported parameter(s): `seed`", "seed")]
    [InlineData("Extra parameters ['seed'] are not allowed when extra-parameters is not set or set to be 'error'.", "seed")]
    [InlineData("Additional properties are not allowed ('seed' was unexpected)", "seed")]
    [InlineData("Streaming must be enabled for this model", "stream")]
    [InlineData("Only streaming requests are supported", "stream")]
    [InlineData("stream=false is not supported for this model", "stream")]
    [InlineData("This model is only available in streaming mode", "stream")]
    [InlineData("The 'temperature' parameter is not supported by this model.", "temperature")]
    [InlineData("Parameter 'temperature' not supported.", "temperature")]
    [InlineData("The model `o1` does not support the `temperature` parameter.", "temperature")]
    [InlineData("This model does not support temperature.", "temperature")]
    [InlineData("Please use 'max_completion_tokens' instead of 'max_tokens'.", "max_tokens")]
    [InlineData("Bad request: seed is not supported", "seed")]
    [InlineData("json: unknown field \"seed\"", "seed")]
    [InlineData("Failed to deserialize the JSON body into the target type: unknown field `seed`, expected `model`", "seed")]
    [InlineData("1 validation error for ChatCompletionRequest\nseed\n  Extra inputs are not permitted [type=extra_forbidden]", "seed")]
    [InlineData("Error code: 400 - {'error': {'message': \"Unsupported parameter: 'seed' is not supported\"}}", "seed")]
    [InlineData("invalid request: unknown field: parameter 'seed' is not a valid field", "seed")]
    [InlineData("<400> InternalError.Algo.InvalidParameter: n is not supported", "n")]
    [InlineData("<400> InternalError.Algo.InvalidParameter: The temperature of the patient is unknown", null)]
    [InlineData("Requests with max_tokens > 4096 must have stream=true", "stream")]
    [InlineData("This model does not support non-streaming requests.", "stream")]
    [InlineData("This model requires streaming.", "stream")]
    [InlineData("Requests to this model must be streamed", "stream")]
    [InlineData("Please set stream to true.", "stream")]
    [InlineData("This model does not support streaming.", null)]
    [InlineData("Unsupported value: 'stream' does not support true with this model.", null)]
    [InlineData("temperature must be 1 or less", null)]
    [InlineData("temperature must be 1.5", null)]
    [InlineData("Invalid image. The finding does not support temperature=38", null)]
    [InlineData("unknown image: patient with temperature 38 is unexpected", null)]
    [InlineData("Invalid content: unexpected token near 'temperature 38.5'", null)]
    [InlineData("Invalid content: 'a temperature is not supported by the findings, a urinary stream is required'", null)]
    [InlineData("Invalid image. Temperature 38.5 is unexpected and only supported by n = 1", null)]
    [InlineData("Invalid image. Temperature is not supported by the findings", null)]
    [InlineData("Invalid 'temperature': must be at most 1", null)]
    [InlineData("temperature must be between 0 and 1", null)]
    [InlineData("Unsupported parameter: 'top_k'", null)]
    [InlineData("Unsupported parameter: 'temperature_unit'", null)]
    public void In_words(string message, string? field) => Assert.Equal(field, Find(new JsonObject { ["message"] = message }));

    [Theory]
    [InlineData("temperature", "unsupported_value", "no", "temperature")]
    [InlineData("temperature", null, "only 1 is allowed", "temperature")]
    [InlineData("temperature", "decimal_above_max_value", "Invalid 'temperature': must be at most 1", null)]
    [InlineData("body.seed", null, "is not supported", "seed")]
    [InlineData("$.seed", "UnsupportedParameter", "no", "seed")]
    [InlineData("top_p", null, "`temperature` and `top_p` cannot both be specified for this model.", "top_p")]
    [InlineData("temperature", null, "`temperature` and `top_p` cannot both be specified for this model.", "top_p")]
    [InlineData("stream", null, "'stream' must be true", "stream")]
    [InlineData("stream", "unsupported_value", "Unsupported value: 'stream' does not support false with this model.", "stream")]
    [InlineData("messages[0].content", "invalid_value", "Unsupported parameter: 'temperature'", null)]
    [InlineData("messages.0.content.temperature", null, "Unsupported parameter: 'temperature'", null)]
    [InlineData("image_url", null, "This model only supports streaming", null)]
    [InlineData(null, "messages[0].content", "Unsupported parameter: 'temperature'", null)]
    [InlineData(null, "unsupported_parameter", "The 'seed' of this request is not ours.", "seed")]
    public void By_the_field_that_the_error_names(string? parameter, string? code, string message, string? field) =>
        Assert.Equal(field, Find(new JsonObject { ["message"] = message, ["param"] = parameter, ["code"] = code }));

    [Theory]
    [InlineData("""{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","seed"],"msg":"Extra inputs are not permitted"}]}}""", "seed")]
    [InlineData("""{"detail":[{"type":"extra_forbidden","loc":["body","top_p"],"msg":"Extra inputs are not permitted","input":1}]}""", "top_p")]
    [InlineData("""{"detail":[{"type":"string_type","loc":["body","messages",0,"content"],"msg":"temperature is not supported"}]}""", null)]
    public void By_the_place_that_pydantic_names(string body, string? field)
    {
        using var document = JsonDocument.Parse(body);
        Assert.Equal(field, RefusedFields.Find(ServerError.Read(document.RootElement), Fields()));
    }

    [Fact]
    public void What_the_request_has_not_is_not_taken_out() =>
        Assert.Null(RefusedFields.Find(new ServerError("`seed` is not supported", []), new JsonObject { ["temperature"] = 1 }));

    [Theory]
    [InlineData("anthropic", 1024, true)]
    [InlineData("anthropic", 0, false)]
    [InlineData("sglang", 1024, false)]
    public void With_thinking_Anthropic_takes_no_temperature(string name, int budget, bool isLeftOut)
    {
        var dialect = Dialect.Find(name)!;
        var parameters = SamplingParameters.Plain with { ReasoningBody = new ReasoningChoice(null, budget).In(dialect, (_, _) => { }) };
        Assert.Equal(isLeftOut, dialect.For(parameters.ToJson()).Refused.Contains("temperature"));
    }

    private static string? Find(JsonObject error)
    {
        using var document = JsonDocument.Parse(new JsonObject { ["error"] = error }.ToJsonString());
        return RefusedFields.Find(ServerError.Read(document.RootElement), Fields());
    }

    private static JsonObject Fields() => new() { ["n"] = 1, ["temperature"] = 0.6, ["top_p"] = 0.95, ["max_tokens"] = 100, ["seed"] = 1 };
}
