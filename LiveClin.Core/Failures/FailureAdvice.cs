namespace LiveClin.Core.Failures;

/// <summary>What to do about a kind of failure. Everything answered stays; the same command asks again only what has no reply.</summary>
internal static class FailureAdvice
{
    private const string Again = "The same command asks these questions again.";
    private const string Filtered = "It is final in this run, because asking again hardly changes it; --retry-filtered asks again.";

    public static string For(string kind) => kind switch
    {
        "timeout" => $"Give a longer --timeout or fewer conversations at a time (--concurrency). {Again}",
        "connection" => $"The server was not reached: start it. {SettingWords.CheckAddress} {Again}",
        "interrupted" => $"The server hung up in the middle: its log says why; it may have run out of memory. {Again}",
        "empty_reply" =>
            $"The model wrote nothing: raising {SettingWords.TokenLimit} helps where it only thinks, otherwise its chat template may be wrong. {Again} If it was cut at the token limit or declined: {Filtered}",
        "malformed_reply" => $"What came was no chat completion. {SettingWords.CheckAddress} {Again}",
        "content_filter" => $"The provider's filter refused the text. {Filtered}",
        "server_died" or "server_hang" =>
            $"The model's server is lost at it each time: its log may say why, and another version of it may not be. {Filtered}",
        "refusal" => $"The model declined. {Filtered}",
        "http_400" or "http_422" =>
            $"The server refuses the request: the message says which field or length. Try --params plain (Params), lowering {SettingWords.TokenLimit}, or a longer context on the server. {Again}",
        "http_413" => $"The request is too large for the server: raise its limit, or send addresses (--image-mode url). {Again}",
        "http_401" or "http_403" => $"The key is refused. {SettingWords.GiveKey} {Again}",
        "http_402" => $"The account has no credit left. {Again}",
        "http_404" => $"The server does not know the model or the path. {SettingWords.CheckModel} {Again}",
        "http_429" => $"The server limits requests: fewer at a time (--concurrency), or more tries (--max-retries). {Again}",
        _ when kind.StartsWith("http_5", StringComparison.Ordinal) => $"The server failed: its log says why. {Again}",
        "batch_expired" => $"The batch API did not come to it in its time. {Again}",
        "batch_error" or "no_result" => $"The batch API gave no result for it. {Again}",
        "error" => "The failure came with imported results; this program cannot ask again.",
        _ => Again,
    };
}
