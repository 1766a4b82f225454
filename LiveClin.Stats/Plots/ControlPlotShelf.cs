using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using LiveClin.Stats.Controls;

namespace LiveClin.Stats.Plots;

/// <summary>Plots of what scores are made of as files, each drawn once for the models that it shows.</summary>
internal static class ControlPlotShelf
{
    // What was worked out of a model is one object until one of its runs has moved on; plots go with it.
    private static readonly ConditionalWeakTable<ModelControls, ConcurrentDictionary<string, Drawn>> Files = [];

    /// <summary>A plot's file.</summary>
    /// <param name="name">One of <see cref="ControlPlots.Names"/>.</param>
    /// <param name="board">What it shows.</param>
    /// <param name="isDark">Colours for a dark page.</param>
    /// <param name="format">The format.</param>
    public static byte[] Get(string name, ControlBoard board, bool isDark, PlotFileFormat format)
    {
        if (board.Models.IsEmpty) return Draw(name, board, isDark, format);
        var files = Files.GetOrCreateValue(board.Models[0]);
        var drawn = files.AddOrUpdate(
            $"{name}\n{isDark}\n{format.Ending}", _ => Begin(), (_, known) => known.Shows(board) ? known : Begin());
        return drawn.File.Value;

        Drawn Begin() => new(board, new Lazy<byte[]>(() => Draw(name, board, isDark, format)));
    }

    private static byte[] Draw(string name, ControlBoard board, bool isDark, PlotFileFormat format) =>
        format.Write(ControlPlots.Draw(name, board, null, isDark ? PlotTheme.Dark : PlotTheme.Light)!);

    private sealed record Drawn(ControlBoard Board, Lazy<byte[]> File)
    {
        public bool Shows(ControlBoard board) => Board.Models.Length == board.Models.Length && Board.Models.Zip(board.Models).All(pair => ReferenceEquals(pair.First, pair.Second));
    }
}
