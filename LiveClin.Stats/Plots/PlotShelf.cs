using System.Collections.Concurrent;
using LiveClin.Stats.Cost;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Plots;

/// <summary>Plots of a set as files, each drawn once: drawing text as outlines takes longer than all of its numbers.</summary>
internal sealed class PlotShelf(ResultSet set, PriceTable prices)
{
    // A plot of 30 models has about a megabyte.
    private const int Kept = 48;
    private readonly ConcurrentDictionary<string, Lazy<byte[]>> _files = new(StringComparer.Ordinal);

    /// <summary>The names of its plots.</summary>
    public IEnumerable<string> Names => ResultPlots.NamesFor(set);

    /// <summary>A plot's file.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="models">Models to show, by name; null or empty for all.</param>
    /// <param name="isDark">Colours for a dark page.</param>
    /// <param name="format">The format.</param>
    public byte[] Get(string name, IReadOnlyCollection<string>? models, bool isDark, PlotFileFormat format)
    {
        if (_files.Count >= Kept) _files.Clear();
        return _files.GetOrAdd($"{name}\n{isDark}\n{format.Ending}\n{string.Join('\n', models ?? [])}", _ => new(Draw)).Value;

        byte[] Draw()
        {
            var plot = ResultPlots.Draw(name, set, models, prices, isDark ? PlotTheme.Dark : PlotTheme.Light)!;
            return format.Write(plot);
        }
    }
}
