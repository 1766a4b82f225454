using LiveClin.Core.Conditions;

namespace LiveClin.Evaluator.Costs;

/// <summary>How many tokens providers count for an image, by the rules that they state; which one holds is told by the model's name.</summary>
/// <param name="Name">In words, for who reads an estimate.</param>
/// <param name="Count">Tokens of an image of a size in pixels.</param>
internal sealed record ImageTokens(string Name, Func<PixelSize, int> Count)
{
    // Where nothing is known of an image, such as one that travels as an address.
    private static readonly PixelSize Assumed = new(1024, 1024);

    // Scaled into 2048 × 2048, then to a shorter side of 768; 85, and 170 for each tile of 512.
    private static readonly ImageTokens Tiles = new("OpenAI's: 85, and 170 a tile of 512 pixels after scaling", size =>
    {
        var (width, height) = Within(size, 2048, 2048);
        var shorter = Math.Min(1, 768 / Math.Min(width, height));
        return 85 + (170 * Pieces(width * shorter, 512) * Pieces(height * shorter, 512));
    });

    private static readonly (string Family, ImageTokens Rule)[] Families =
    [
        ("qwen", new ImageTokens("Qwen-VL's: one a square of 28 pixels, at most 16,384", size => Math.Clamp(Pieces(size.Width, 28) * Pieces(size.Height, 28), 4, 16384))),
        ("claude", new ImageTokens("Anthropic's: pixels / 750, after scaling to a longer side of 1,568; at most 1,600", size =>
        {
            var (width, height) = Within(size, 1568, 1568);
            return (int)Math.Min(1600, Math.Ceiling(width * height / 750));
        })),
        ("gemini", new ImageTokens("Gemini's: 258 up to 384 × 384 pixels, else 258 a tile of 768", size =>
            size is { Width: <= 384, Height: <= 384 } ? 258 : 258 * Pieces(size.Width, 768) * Pieces(size.Height, 768))),
    ];

    /// <summary>The rule for a model.</summary>
    /// <param name="apiId">Its name on the wire.</param>
    public static ImageTokens For(string apiId) =>
        Families.FirstOrDefault(family => apiId.Contains(family.Family, StringComparison.OrdinalIgnoreCase)).Rule ?? Tiles;

    /// <summary>Tokens of an image; one whose size is not known counts as 1,024 × 1,024 pixels.</summary>
    public int Of(PixelSize? size) => Count(size ?? Assumed);

    private static (double Width, double Height) Within(PixelSize size, double width, double height)
    {
        var scale = Math.Min(1, Math.Min(width / size.Width, height / size.Height));
        return (size.Width * scale, size.Height * scale);
    }

    private static int Pieces(double length, int piece) => (int)Math.Ceiling(Math.Round(length, 6) / piece);
}
