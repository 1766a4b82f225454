using System.Collections.Concurrent;

namespace LiveClin.Core.Results;

/// <summary>
/// Collects what had to be left out wherever a store is read, from its beginning to its end and in everything that is begun meanwhile: so
/// that a command tells it once, whatever it has read.
/// </summary>
public sealed class DamageWatch : IDisposable
{
    private static readonly AsyncLocal<DamageWatch?> Current = new();
    private readonly ConcurrentDictionary<DamagedRow, int> _rows = [];
    private readonly ConcurrentDictionary<DamagedRow, bool> _told = [];
    private readonly DamageWatch? _outer = Current.Value;

    /// <summary>Begins to collect.</summary>
    public DamageWatch() => Current.Value = this;

    /// <summary>What was left out, each once, as it was met; without answers that those who read them tell by case and question.</summary>
    public IEnumerable<DamagedRow> Rows => _rows.Where(row => !_told.ContainsKey(row.Key)).OrderBy(row => row.Value).Select(row => row.Key);

    /// <summary>True when anything was left out, whoever tells it.</summary>
    public bool HasSeenDamage => !_rows.IsEmpty || !_told.IsEmpty;

    /// <summary>Says that these are told otherwise.</summary>
    public static void Leave(IEnumerable<DamagedRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var row in rows) Tell(row, byItsPlace: true);
    }

    /// <summary>Ends it.</summary>
    public void Dispose() => Current.Value = _outer;

    /// <summary>Tells what cannot be read.</summary>
    /// <param name="row">The row.</param>
    /// <param name="byItsPlace">True when who reads it tells it better.</param>
    internal static void Tell(DamagedRow row, bool byItsPlace = false)
    {
        if (Current.Value is not { } watch) return;
        if (byItsPlace) watch._told[row] = true;
        else watch._rows.TryAdd(row, watch._rows.Count);
    }
}
