using System.Collections.Immutable;
using ScottPlot;

namespace LiveClin.Stats.Plots;

/// <summary>
/// Colours of a plot; text has a contrast of at least 4.5 : 1, and the series differ for the colour-blind (after Okabe and Ito, Color
/// Universal Design, 2008).
/// </summary>
public sealed record PlotTheme
{
    /// <summary>For paper and light pages.</summary>
    public static PlotTheme Light { get; } = new()
    {
        Background = Color.FromHex("#ffffff"), Text = Color.FromHex("#16202c"), Muted = Color.FromHex("#51606f"),
        Grid = Color.FromHex("#e3e8ee"),
        Series = [.. new[] { "#0072b2", "#d55e00", "#00805d", "#b4508a", "#b37700", "#3a8fc4", "#6a51a3", "#5b6672",
            "#8c4a2f" }.Select(Color.FromHex)],
    };

    /// <summary>For dark pages.</summary>
    public static PlotTheme Dark { get; } = new()
    {
        Background = Color.FromHex("#1a2028"), Text = Color.FromHex("#e5eaf0"), Muted = Color.FromHex("#9eacbb"),
        Grid = Color.FromHex("#2c3541"),
        Series = [.. new[] { "#4da6e8", "#ff8a4c", "#2ec79a", "#e59bc8", "#f0b840", "#8fd0f7", "#b3a1e6", "#9eacbb",
            "#d9a184" }.Select(Color.FromHex)],
    };

    /// <summary>Paper of the plot.</summary>
    public required Color Background { get; init; }

    /// <summary>Names and numbers.</summary>
    public required Color Text { get; init; }

    /// <summary>Axes and baselines.</summary>
    public required Color Muted { get; init; }

    /// <summary>Lines behind the data.</summary>
    public required Color Grid { get; init; }

    /// <summary>Colours of models or families, in order.</summary>
    public required ImmutableArray<Color> Series { get; init; }

    internal bool IsDark => this == Dark;

    internal Color SeriesColor(int index) => Series[index % Series.Length];
}
