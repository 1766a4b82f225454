using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LiveClin.Core.Text;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// Which of the request's fields a server refuses. Either the error names it in a field of its own, or one of a closed list of wordings
/// begins a sentence of it: errors quote prompts, and the "temperature 38.5" of a case report is no field.
/// </summary>
internal static class RefusedFields
{
    private const string Names = $"max_tokens|temperature|top_p|seed|n|{RequestAdaptations.StreamOptions}";
    private const string Quoted = $"""['"`](?<name>{Names})['"`]""";
    private const string Dotted = $@"(?:parameters?|body)\.(?<name>{Names})\b";
    private const string Bare = $@"(?<name>{Names})(?!\.?\w)"; // a full stop may follow it
    private const string Noun = "(?:parameter|field|argument|property|setting|option)";
    private const string Named = $"(?:(?:the )?(?:{Noun} )?(?:{Quoted}|{Dotted}|{Bare})(?: {Noun})?)";

    // Where the text begins, or behind a full stop, or behind the name that a gateway puts before the provider's own words, or where a
    // gateway in Python has written the provider's error down: Error code: 400 - {'error': {'message': "…
    private const string Beginning =
        @"(?:^|(?<=\. )|(?<=(?:error|errors|exception|(?:bad|invalid) ?(?:request|parameters?|arguments?))(?:: | - ))"
        + @"|(?<='message': ['""]))";

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    // Each with a sample.
    private static readonly Regex Wordings = Sentence(
        // Unsupported parameter: 'max_tokens' is not supported with this model. · Unknown name "seed": Cannot find field.
        // · Unsupported parameter(s): `seed` · Cohere: unknown field: parameter 'seed' is not a valid field
        @"(?:unsupported|unknown|unrecognized|unexpected) (?:parameter|value|name|field|property|(?:keyword )?argument)(?:s|\(s\))?:? "
            + $"(?:parameter )?(?:{Quoted}|{Dotted}|{Bare})",
        // Unrecognized request argument supplied: seed
        $"unrecognized request arguments? supplied: {Bare}",
        // temperature does not support 0 with this model. Only the default (1) value is supported. · `n` is not supported
        // · The 'temperature' parameter is not supported by this model.
        $"{Named} (?:is|are) (?:currently |no longer )?(?:not |un)(?:supported|allowed|permitted|available|recognized)",
        $"{Named} (?:is|are) (?:deprecated|unknown|not a valid)",
        $"(?:{Noun} )?{Quoted} not (?:supported|allowed|permitted)",
        // Azure: Please use 'max_completion_tokens' instead of 'max_tokens'.
        """(?:please )?use ['"`]?max_completion_tokens['"`]? instead of ['"`]?(?<name>max_tokens)\b""",
        // json: unknown field "seed" · Failed to deserialize the JSON body into the target type: unknown field `seed`
        """(?:json|failed to [^'"`.:]{0,60}): unknown field ['"`](?<name>"""+ Names + """)['"`]""",
        // 1 validation error for ChatCompletionRequest seed Extra inputs are not permitted
        $@"\d+ validation errors? for \S+ (?:body\.)?{Bare} extra inputs are not permitted",
        $"{Named} (?:does not|doesn't|do not) (?:support|accept)",
        // `temperature` may only be set to 1 when thinking is enabled.
        $"{Named} (?:cannot be (?:set|used|specified)|(?:may|can) only be set|must be unset)",
        // n: Extra inputs are not permitted
        $"(?:{Quoted}|{Dotted}|{Bare}): (?:extra inputs are not permitted|unsupported|not supported|unknown)",
        // invalid temperature: only 1 is allowed for this model
        $@"invalid (?:{Quoted}|{Dotted}|{Bare}): only \S+ is allowed",
        // `temperature` must be set to 1 for this model
        // and not: max_tokens must be 1-8192
        $@"{Named} must be (?:set to )?1(?:\.0)?(?=[.,;]?$|[.;] |,? (?:for|when|with|if|on|in|while|as)\b)",
        // Only temperature=1 is supported for this model.
        $@"only {Bare}=\S+ is (?:supported|allowed)",
        // xAI: Argument not supported on this model: seed · Model grok-4 does not support parameter seed.
        $"(?:argument|parameter)s? not supported (?:on|by|for|with) this model: (?:{Quoted}|{Bare})",
        // LiteLLM: anthropic does not support parameters: ['seed'], for model=… · gpt-5 models don't support temperature=0.
        @"(?:\S*[^\s.] ){0,6}(?:does not|doesn't|do not|don't) support "
            + $@"(?:(?:the )?(?:parameter|argument|field)s?:? [\[{{(]?(?:{Quoted}|{Bare})|{Bare}=\S|(?:the )?{Quoted} {Noun})",
        // This model does not support temperature.
        $@"(?:this|the) model (?:\S+ )?(?:does not|doesn't) support (?:{Quoted}|{Bare})\.?$",
        // Fireworks: Extra inputs are not permitted, field: 'seed'
        $"extra inputs are not permitted, field: {Quoted}",
        // Bedrock: Malformed input request: extraneous key [seed] is not permitted, please reformat your input
        $@"(?:malformed input request: )?(?:#: )?extraneous key \[{Bare}\] is not permitted",
        // Azure's serverless models: Extra parameters ['seed'] are not allowed when extra-parameters is not set
        $@"extra parameters \[{Quoted}",
        // JSON Schema: Additional properties are not allowed ('seed' was unexpected)
        $@"additional properties are not allowed(?: \({Quoted}|: (?:{Quoted}|{Bare}))",
        // [{'type': 'extra_forbidden', 'loc': ('body', 'seed'), 'msg': 'Extra inputs are not permitted', 'input': 1}]
        $@"\[?\{{'type': 'extra_forbidden', 'loc': \('body', {Quoted}\)");

    // `temperature` and `top_p` cannot both be specified for this model. Please use only one.
    private static readonly Regex Exclusive = Sentence(
        """['"`]?(?:temperature['"`]? and ['"`]?top_p|top_p['"`]? and ['"`]?temperature)['"`]? (?:cannot|can't|can not) (?:both )?be """);

    // This model only supports streaming; set the stream parameter. · Non-streaming calls are not supported
    // parameter.enable_thinking must be set to false for non-streaming calls
    private static readonly Regex StreamOnly = Sentence(
        @"(?:\S+ ){0,6}(?:only supports? stream|supports? only stream|supported only (?:in|with) stream)",
        @"(?:\S*[^\s:] ){0,6}only (?:available|callable|works?) (?:in|with|for|via) (?:the )?stream(?:ing|s)?\b",
        @"only stream(?:ing|ed)? (?:\S+ )?(?:is|are) (?:supported|allowed)",
        @"stream(?:ing)? (?:mode )?(?:is )?required",
        @"stream(?:ing)? (?:mode )?must be (?:enabled|used)",
        @"(?:unsupported value: )?['""`]?stream['""`]? (?:does not|doesn't) support false",
        @"['""`]?stream['""`]? ?= ?['""`]?false['""`]? (?:is|are) not",
        @"['""`]?stream['""`]? must be (?:set to )?true",
        @"(?:\S+ ){0,3}must be (?:set to )?stream",
        @"requests (?:\S+ ){0,4}must be streamed",
        // Fireworks: Requests with max_tokens > 4096 must have stream=true · Please set stream to true.
        @"(?:\S+ ){0,8}(?:must have|requires?|(?:must|please) (?:set|use)) (?:the )?(?:parameter )?['""`]?stream['""`]? ?(?:=|:|to) ?"
            + @"['""`]?true",
        @"(?:the )?stream parameter must be (?:set to )?true",
        @"(?:\S*[^\s:] ){0,6}model requires streaming(?=[.,;]|$)",
        @"(?:\S*[^\s:] ){0,6}(?:does not|doesn't) support non-?stream",
        @"non-?stream\w* (?:call|request|mode|output)s? (?:is|are) not",
        @"(?:parameters?\.)?['""`]?enable_thinking['""`]? must be (?:set to )?false for non-?stream");

    // A code that says as much, and no field of its own for the name.
    private static readonly Regex FirstQuoted = Sentence($@"(?:\S+ ){{0,4}}{Quoted}");
    private static readonly HashSet<string> Codes = new(StringComparer.OrdinalIgnoreCase)
    {
        "unsupportedparameter", "unsupportedvalue", "unknownparameter", "extraforbidden",
    };

    // With a field of its own for the name, words are enough that tell a refusal from a value out of range, which is the user's to change.
    private static readonly Regex Refusal = new(
        @"unsupported|not support|does ?n[o']t support|only (the )?default|only \S+ is allowed|only be set|not (allowed|permitted)"
        + "|unknown|unrecognized|unexpected|cannot (both )?be|deprecated", Options);

    /// <summary>
    /// The field, as far as the request has it; <see cref="RequestAdaptations.Stream"/> for replies in one piece; null for none.
    /// </summary>
    /// <param name="error">What the server says.</param>
    /// <param name="fields">The request's fields as asked for.</param>
    public static string? Find(ServerError error, JsonObject fields)
    {
        var field = error.Parameter is { Length: > 0 } parameter
            ? OfParameter(parameter[(parameter.LastIndexOf('.') is var dot && IsPrefix(parameter, dot) ? dot + 1 : 0)..], error)
            : IsOfMessages(error) ? null
            : error.Sentences.Select(words => OfWords(words, HasCode(error))).FirstOrDefault(found => found is not null);
        return field is null or RequestAdaptations.Stream or RequestAdaptations.StreamOptions || fields.ContainsKey(field) ? field : null;
    }

    private static bool IsPrefix(string parameter, int dot) => dot > 0 && parameter[..dot] is "$" or "body" or "parameter" or "parameters";

    private static string? OfParameter(string parameter, ServerError error)
    {
        if (parameter is RequestAdaptations.Stream or "enable_thinking")
            return StreamOnly.IsMatch(error.Message) ? RequestAdaptations.Stream : null;
        if (!Names.Split('|').Contains(parameter) || !(HasCode(error) || Refusal.IsMatch(error.Message))) return null;
        // Of the two the published tables rest on the temperature.
        return Exclusive.IsMatch(error.Message) ? "top_p" : parameter;
    }

    // A code may name a field, too.
    private static bool IsOfMessages(ServerError error) =>
        error.Codes.Any(code => code.StartsWith("messages", StringComparison.Ordinal));

    private static string? OfWords(string words, bool hasCode)
    {
        if (StreamOnly.IsMatch(words)) return RequestAdaptations.Stream;
        if (Exclusive.IsMatch(words)) return "top_p";
        var match = Wordings.Match(words);
        if (!match.Success && hasCode) match = FirstQuoted.Match(words);
        return match.Success && !IsProse(words, match) ? match.Groups["name"].Value.ToLowerInvariant() : null;
    }

    // "Invalid image. Temperature is not supported by the findings": behind the first sentence a name counts in quotes only, and behind a
    // gateway's words ("Bad request: Temperature is not available at admission") as it is sent, too.
    private static bool IsProse(string text, Match match)
    {
        var name = match.Groups["name"];
        if (match.Index == 0 || text[name.Index - 1] is '\'' or '"' or '`') return false;
        return text.AsSpan(0, match.Index).EndsWith(". ", StringComparison.Ordinal) || name.Value.Any(char.IsUpper);
    }

    private static bool HasCode(ServerError error) => error.Codes.Select(CodeWord.Plain).Any(Codes.Contains);

    private static Regex Sentence(params string[] wordings) => new($"{Beginning}(?:{string.Join('|', wordings)})", Options);
}
