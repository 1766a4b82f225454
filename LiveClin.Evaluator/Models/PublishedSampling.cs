namespace LiveClin.Evaluator.Models;

/// <summary>core's sampling parameters per model family (the published table; the first row that matches wins).</summary>
public static class PublishedSampling
{
    // Declared before the table that uses it: static fields are initialised in order of declaration.
    private static readonly string[] GeminiFamilies = ["gemini-2.5-flash", "gemini-2.0-flash", "gemini-1.5-pro", "gemini-2.5-pro"];

    private static readonly (Func<string, bool> Matches, SamplingParameters Parameters)[] Table =
    [
        (name => name == "o3", new() { MaxTokens = 100000 }),
        (name => name.Contains("doubao-1.5-vision-lite-250315", StringComparison.Ordinal), new()
        {
            Temperature = 0,
            TopP = 0.95,
            MaxTokens = 16384,
        }),
        (name => name.Contains("claude-3-5-haiku-20241022", StringComparison.Ordinal), new()
        {
            Temperature = 0,
            TopP = 0.95,
            MaxTokens = 8192,
        }),
        (name => GeminiFamilies.Any(family => name.Contains(family, StringComparison.Ordinal)), new()
        {
            Temperature = 0,
            MaxTokens = 65536,
        }),
        (name => name.Contains("gpt-5", StringComparison.Ordinal), new() { Temperature = 1 }),
        (name => name.Contains("qwen", StringComparison.Ordinal), new() { Temperature = 0.6, TopP = 0.95, MaxTokens = 8192 }),
        (name => name.Contains("gpt-4.1", StringComparison.Ordinal), new() { Temperature = 0, TopP = 0.95, MaxTokens = 32768 }),
        (name => name.Contains("o4-mini", StringComparison.Ordinal), new() { Temperature = 0.6, MaxTokens = 100000 }),
        (name => name.Contains("gpt-4o", StringComparison.Ordinal), new() { Temperature = 0.6, MaxTokens = 16384 }),
        (name => name.Contains("doubao-1-5-vision-pro-250328", StringComparison.Ordinal), new()
        {
            Temperature = 0,
            TopP = 0.95,
            MaxTokens = 12288,
        }),
        (_ => true, new() { Temperature = 0, MaxTokens = 16384 }),
    ];

    

    /// <summary>The parameters for a model name; only the exact name <c>o3</c>, case included, gets <c>max_completion_tokens</c>.</summary>
    public static SamplingParameters For(string model)
    {
        var name = model.ToLowerInvariant();
        return Table.First(row => row.Matches(name)).Parameters with { UsesMaxCompletionTokens = model == "o3" };
    }
}
