namespace LiveClin.Core.Failures;

/// <summary>
/// What is to be changed, in words that are right wherever a run was begun: a command has switches, the app host settings, a call to the
/// service fields.
/// </summary>
public static class SettingWords
{
    /// <summary>What to do about a key that is refused.</summary>
    public const string GiveKey =
        "Give a valid one: LIVECLIN_API_KEY for the command, the parameter that the model's ApiKey names in a sweep, api_key in a call.";

    /// <summary>What to check about a model that is not known, or an address.</summary>
    public const string CheckModel =
        "Check the model's name (--model, ApiId) and the address (--api-base, Endpoint; it usually ends in /v1).";

    /// <summary>What to check about an address.</summary>
    public const string CheckAddress = "Check the address (--api-base, Endpoint; it usually ends in /v1).";

    /// <summary>The limit of a reply's tokens.</summary>
    public const string TokenLimit = "the reply's token limit (--max-tokens, MaxTokens)";
}
