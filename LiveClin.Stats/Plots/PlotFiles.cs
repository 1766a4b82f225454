using LiveClin.Stats.Controls;
using LiveClin.Stats.Cost;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Plots;

/// <summary>Plots as files, each drawn once: drawing text as outlines takes longer than all of its numbers.</summary>
internal sealed class PlotFiles(SharedWork work, PriceTable prices)
{
    /// <summary>The names of the plots of a set.</summary>
    public static IEnumerable<string> NamesFor(ResultSet set) => [.. ResultPlots.NamesFor(set), .. ControlPlots.Names];

    /// <summary>A plot of the answers.</summary>
    /// <param name="set">The set.</param>
    /// <param name="name">One of <see cref="ResultPlots.NamesFor"/>.</param>
    /// <param name="models">Models to show, by name; null or empty for all.</param>
    /// <param name="isDark">Colours for a dark page.</param>
    /// <param name="format">The format.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<byte[]> GetAsync(
        ResultSet set, string name, IReadOnlyCollection<string>? models, bool isDark, PlotFileFormat format,
        CancellationToken cancellationToken) =>
        work.FileAsync(set, $"{name}{format.Ending} {isDark} {string.Join('\n', models ?? [])}",
            () => format.Write(ResultPlots.Draw(name, set, models, prices, Theme(isDark))!), isLong: false, cancellationToken);

    /// <summary>A plot of what scores are made of.</summary>
    /// <param name="set">The set.</param>
    /// <param name="board">What it shows.</param>
    /// <param name="name">One of <see cref="ControlPlots.Names"/>.</param>
    /// <param name="isDark">Colours for a dark page.</param>
    /// <param name="format">The format.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task<byte[]> GetAsync(
        ResultSet set, ControlBoard board, string name, bool isDark, PlotFileFormat format, CancellationToken cancellationToken) =>
        work.FileAsync(set, $"{name}{format.Ending} {isDark} {board.Version}",
            () => format.Write(ControlPlots.Draw(name, board, null, Theme(isDark))!), isLong: false, cancellationToken);

    private static PlotTheme Theme(bool isDark) => isDark ? PlotTheme.Dark : PlotTheme.Light;
}
