using System.Text;

namespace LiveClin.Evaluator.Baselines;

/// <summary>What the built-in examinees report as token counts: a rule of thumb that costs them no time.</summary>
internal static class TokenRule
{
    private const int BytesPerToken = 4;
    private const int TokensPerMessage = 4; // its role and its borders
    private const int TokensPerImage = 576; // a picture of 336 pixels in patches of 14

    /// <summary>Tokens of a message.</summary>
    public static int Count(string text, int images) =>
        TokensPerMessage + ((Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken) + (images * TokensPerImage);
}
