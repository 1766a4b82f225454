namespace LiveClin.Evaluator.Models;

/// <summary>
/// Providers' error codes and types, one table, compared without case. Decided by fields, never by a word somewhere in a text:
/// "content_filter backend overloaded" is no filter.
/// </summary>
internal static class ErrorCodes
{
    // OpenAI, Azure · DashScope · Ark · GLM · MiniMax
    private static readonly HashSet<string> Filter = new(StringComparer.OrdinalIgnoreCase)
    {
        "content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation", "moderation_blocked", "invalid_prompt",
        "data_inspection_failed", "DataInspectionFailed",
        "SensitiveContentDetected", "InputTextSensitiveContentDetected", "InputImageSensitiveContentDetected",
        "OutputTextSensitiveContentDetected", "OutputImageSensitiveContentDetected", "RiskDetected",
        "1301", "1026", "1027",
    };

    // OpenAI · DeepSeek · Moonshot · DashScope · Ark · one-api · GLM · MiniMax
    private static readonly HashSet<string> Credit = new(StringComparer.OrdinalIgnoreCase)
    {
        "insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "insufficient_balance", "credit_balance_too_low",
        "exceeded_current_quota_error", "insufficient_user_quota", "Arrearage", "AccountOverdueError", "402", "1113", "1008",
    };

    // DashScope · GLM · MiniMax · OpenAI and others
    private static readonly string[] RateLimits = ["Throttling", "rate_limit", "RateLimit", "too_many_requests", "429", "1302", "1002"];

    /// <summary>True when a content filter has refused the prompt.</summary>
    public static bool IsFilter(ServerError error) => error.HasReasons || error.Codes.Any(Filter.Contains) || IsXaiSafetyCheck(error);

    /// <summary>True when the account has no money or quota left.</summary>
    public static bool IsCredit(ServerError error) => error.Codes.Any(Credit.Contains);

    /// <summary>True when it asks to come slower.</summary>
    public static bool IsRateLimit(ServerError error) =>
        error.Codes.Any(code => RateLimits.Any(known => code.StartsWith(known, StringComparison.OrdinalIgnoreCase)));

    // Sample: {"code":"permission","error":"Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO"}: the check's name is its only code.
    private static bool IsXaiSafetyCheck(ServerError error) =>
        error.Message.Contains("Failed check: SAFETY_CHECK_TYPE_", StringComparison.Ordinal);
}
