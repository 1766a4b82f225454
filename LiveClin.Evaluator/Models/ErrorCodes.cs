namespace LiveClin.Evaluator.Models;

/// <summary>
/// Providers' error codes and types, one table, compared without case. Decided by fields, never by a word somewhere in a text:
/// "content_filter backend overloaded" is no filter.
/// </summary>
internal static class ErrorCodes
{
    // OpenAI, Azure · DashScope · Ark · GLM · MiniMax · StepFun
    private static readonly HashSet<string> Filter = new(StringComparer.OrdinalIgnoreCase)
    {
        "content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation", "moderation_blocked", "invalid_prompt",
        "data_inspection_failed", "DataInspectionFailed",
        "SensitiveContentDetected", "InputTextSensitiveContentDetected", "InputImageSensitiveContentDetected",
        "OutputTextSensitiveContentDetected", "OutputImageSensitiveContentDetected", "RiskDetected",
        "InputTextRiskDetection", "InputImageRiskDetection", "OutputTextRiskDetection",
        "1301", "1026", "1027", "censorship_blocked",
    };

    // OpenAI · DeepSeek · Moonshot · DashScope · Ark · one-api · GLM · MiniMax · SiliconFlow
    private static readonly HashSet<string> Credit = new(StringComparer.OrdinalIgnoreCase)
    {
        "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance", "credit_balance_too_low",
        "exceeded_current_quota_error", "insufficient_user_quota", "Arrearage", "AccountOverdueError", "SetLimitExceeded", "QuotaExceeded",
        "AllocationQuota.FreeTierOnly", "402", "1113", "1008", "30001",
    };

    private static readonly HashSet<string> WrongKey = new(StringComparer.OrdinalIgnoreCase) { "invalid_api_key", "API_KEY_INVALID",
        "1004" };

    // DashScope · GLM · MiniMax · OpenAI and others
    private static readonly string[] RateLimits = ["Throttling", "rate_limit", "RateLimit", "too_many_requests", "429", "1302", "1002"];

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

    // DeepSeek: {"error":{"message":"Content Exists Risk","type":"invalid_request_error","code":"invalid_request_error"}}
    private const string DeepSeekFilter = "Content Exists Risk";

    private sealed record KnownSentence(string Beginning, string Rest)
    {
        public bool IsSaidBy(ServerError error) => error.Message.StartsWith(Beginning, StringComparison.Ordinal)
            && error.Message.IndexOf(Rest, Beginning.Length, StringComparison.Ordinal) >= 0;
    }

    /// <summary>True when a content filter has refused the prompt.</summary>
    public static bool IsFilter(ServerError error) =>
        error.HasReasons || error.Codes.Any(code => Filter.Contains(Stem(code))) || error.Message == DeepSeekFilter
            || IsXaiSafetyCheck(error);

    /// <summary>True when the account has no money or quota left.</summary>
    public static bool IsCredit(ServerError error) =>
        error.Codes.Any(code => Credit.Contains(code) || IsDailyQuota(code)) || CreditSentences.Any(said => said.IsSaidBy(error));

    /// <summary>True when it asks to come slower.</summary>
    public static bool IsRateLimit(ServerError error) =>
        error.Codes.Any(code => RateLimits.Any(known => code.StartsWith(known, StringComparison.OrdinalIgnoreCase)));

    /// <summary>True when the API is not offered where the request came from.</summary>
    public static bool IsWrongCountry(ServerError error) =>
        error.Codes.Contains("unsupported_country_region_territory", StringComparer.OrdinalIgnoreCase);

    /// <summary>True when the key is wrong, whatever the status says. OpenAI and others · Gemini · MiniMax · xAI.</summary>
    public static bool IsWrongKey(ServerError error) => error.Codes.Any(WrongKey.Contains) || XaiKey.IsSaidBy(error);

    // Ark writes what was found behind a dot: "SensitiveContentDetected.Violence".
    private static string Stem(string code) => code.Split('.', 2)[0];

    // Gemini's quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier". One per minute is a rate.
    private static bool IsDailyQuota(string code) =>
        code.StartsWith("Generate", StringComparison.Ordinal) && code.Contains("PerDay", StringComparison.Ordinal);

    // Sample: {"code":"permission","error":"Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO"}: the check's name is
    // its only code.
    private static bool IsXaiSafetyCheck(ServerError error) =>
        error.Message.Contains("Failed check: SAFETY_CHECK_TYPE_", StringComparison.Ordinal);
}
