using System.Text;

namespace LiveClin.Evaluator.Models;

/// <summary>Counts of tokens by rules of thumb, where no tokenizer is at hand.</summary>
internal static class TokenRule
{
    private const int BytesPerToken = 4;
    private const int TokensPerMessage = 4; // its role and its borders
    private const int TokensPerImage = 576; // a picture of 336 pixels in patches of 14

    /// <summary>Tokens of a message.</summary>
    public static int Count(string text, int images) =>
        TokensPerMessage + ((Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken) + (images * TokensPerImage);
}
