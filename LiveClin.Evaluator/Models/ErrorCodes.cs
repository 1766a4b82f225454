using LiveClin.Core.Text;

namespace LiveClin.Evaluator.Models;

/// <summary>
/// Providers' error codes and types, one table, compared without case and without what parts their words. Decided by fields, never by a
/// word somewhere in a text: "content_filter backend overloaded" is no filter.
/// </summary>
internal static class ErrorCodes
{
    // All of them without what parts their words, as gateways write them on: data_inspection_failed and DataInspectionFailed are one.
    // OpenAI, Azure · DashScope · Ark · GLM · MiniMax · StepFun · new-api · Gemini · Bedrock and others
    private static readonly HashSet<string> Filter = Words(
        "content_filter", "content_filtered", "content_policy_violation", "ResponsibleAIPolicyViolation", "moderation_blocked",
        "invalid_prompt", "data_inspection_failed", "SensitiveContentDetected", "InputTextSensitiveContentDetected",
        "InputImageSensitiveContentDetected", "OutputTextSensitiveContentDetected", "OutputImageSensitiveContentDetected", "RiskDetected",
        "InputTextRiskDetection", "InputImageRiskDetection", "OutputTextRiskDetection", "1301", "1026", "1027", "censorship_blocked",
        "sensitive_words_detected", "sensitive_content", "prohibited_content", "guardrail_intervened", "content_moderation",
        "content_blocked");

    // OpenAI · DeepSeek · Moonshot · DashScope · Ark · one-api, new-api · GLM (with its limits by the day and the week) · MiniMax ·
    // SiliconFlow · LiteLLM · Anthropic and others · Novita
    private static readonly HashSet<string> Credit = Words(
        "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance", "credit_balance_too_low",
        "exceeded_current_quota_error", "insufficient_user_quota", "pre_consume_token_quota_failed", "Arrearage", "AccountOverdueError",
        "SetLimitExceeded", "QuotaExceeded", "AllocationQuota.FreeTierOnly", "402", "1113", "1304", "1308", "1309", "1310", "1008", "2056",
        "30001", "budget_exceeded", "billing_error", "insufficient_credits", "insufficient_funds", "payment_required",
        "not_enough_balance");

    private static readonly HashSet<string> WrongKey = Words("invalid_api_key", "API_KEY_INVALID", "1004", "2049");

    // How their codes begin: DashScope, AWS · OpenAI and others · Azure · DashScope's compatible address · Google.
    private static readonly string[] RateLimits =
        ["throttling", "ratelimit", "toomanyrequests", "limitrequests", "limitburstrate", "resourceexhausted"];

    // HTTP's own · GLM · MiniMax
    private static readonly HashSet<string> RateLimitNumbers = Words("429", "1302", "1303", "1305", "1002", "1039");

    // Some have no code of their own: {"code":"Client specified an invalid argument","error":"Incorrect API key provided: …"}. Their
    // sentences are known by how the whole message begins and goes on; the same words within another message are none.
    // xAI · Anthropic
    private static readonly KnownSentence[] CreditSentences =
    [
        new("Your team ", "has either used all available credits or reached its monthly spending limit"),
        new("Your newly created team", "have any credits"),
        new("You have run out of credits", "need a Grok subscription"),
        new("Your credit balance is too low", "Anthropic API"),
    ];

    private static readonly KnownSentence XaiKey = new("Incorrect API key provided", "console.x.ai");

    // DeepSeek: {"error":{"message":"Content Exists Risk","type":"invalid_request_error","code":"invalid_request_error"}}, behind which
    // new-api writes its request's number · Anthropic · LiteLLM, whose codes are HTTP's: the name of its error begins the message
    private static readonly KnownSentence[] FilterSentences =
    [
        new("Content Exists Risk"),
        new("Output blocked by content filtering policy"),
        new("litellm.ContentPolicyViolationError: "),
        new("litellm.BadRequestError: litellm.ContentPolicyViolationError: "),
    ];

    private sealed record KnownSentence(string Beginning, string Rest = "")
    {
        public bool IsSaidBy(ServerError error) => error.Sentences.Any(words => words.StartsWith(Beginning, StringComparison.Ordinal)
            && words.IndexOf(Rest, Beginning.Length, StringComparison.Ordinal) >= 0);
    }

    /// <summary>True when a content filter has refused the prompt.</summary>
    public static bool IsFilter(ServerError error) =>
        error.HasReasons || error.Codes.Any(code => Filter.Contains(CodeWord.Plain(Stem(code))))
            || FilterSentences.Any(said => said.IsSaidBy(error)) || IsXaiSafetyCheck(error);

    /// <summary>True when the account has no money or quota left.</summary>
    public static bool IsCredit(ServerError error) =>
        error.Codes.Any(code => Credit.Contains(CodeWord.Plain(code)) || IsDailyQuota(code))
            || CreditSentences.Any(said => said.IsSaidBy(error));

    /// <summary>True when it asks to come slower.</summary>
    public static bool IsRateLimit(ServerError error) =>
        error.Codes.Select(CodeWord.Plain).Any(code => RateLimitNumbers.Contains(code)
            || RateLimits.Any(known => code.StartsWith(known, StringComparison.OrdinalIgnoreCase)));

    /// <summary>True when the model was taken out of service. Groq says so with 400 instead of 410.</summary>
    public static bool IsRetired(ServerError error) => error.Codes.Contains("model_decommissioned", StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the API is not offered where the request came from.</summary>
    public static bool IsWrongCountry(ServerError error) =>
        error.Codes.Contains("unsupported_country_region_territory", StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the key is wrong, whatever the status says. OpenAI and others · Gemini · MiniMax · xAI.</summary>
    public static bool IsWrongKey(ServerError error) => error.Codes.Select(CodeWord.Plain).Any(WrongKey.Contains) || XaiKey.IsSaidBy(error);

    private static HashSet<string> Words(params string[] codes) => new(codes.Select(CodeWord.Plain), StringComparer.OrdinalIgnoreCase);

    // Ark writes what was found behind a dot: "SensitiveContentDetected.Violence".
    private static string Stem(string code) => code.Split('.', 2)[0];

    // Gemini's quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier". One per minute is a rate.
    private static bool IsDailyQuota(string code) =>
        code.StartsWith("Generate", StringComparison.Ordinal) && code.Contains("PerDay", StringComparison.Ordinal);

    // Sample: {"code":"permission","error":"Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO"}: the check's name is
    // its only code.
    private static bool IsXaiSafetyCheck(ServerError error) =>
        error.Sentences.Any(words => words.Contains("Failed check: SAFETY_CHECK_TYPE_", StringComparison.Ordinal));
}
