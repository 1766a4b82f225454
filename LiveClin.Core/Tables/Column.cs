namespace LiveClin.Core.Tables;

/// <summary>What a column holds. Every value may be absent.</summary>
public enum ColumnKind
{
    /// <summary>Text (<see cref="string"/>).</summary>
    Text = 0,

    /// <summary>A whole number (<see cref="long"/>).</summary>
    Integer = 1,

    /// <summary>A number (<see cref="double"/>).</summary>
    Real = 2,

    /// <summary>A moment in UTC (<see cref="DateTimeOffset"/>).</summary>
    Time = 3,
}

/// <summary>A column of a table that is written into files: its name and how its value is read from a row.</summary>
/// <typeparam name="TRow">What a row is made of.</typeparam>
public sealed class Column<TRow>
{
    private Column(string name, ColumnKind kind, Func<TRow, object?> read) => (Name, Kind, Read) = (name, kind, read);

    /// <summary>Its name in every format, in snake_case.</summary>
    public string Name { get; }

    /// <summary>What it holds.</summary>
    public ColumnKind Kind { get; }

    /// <summary>Reads a row's value; null when it is absent.</summary>
    public Func<TRow, object?> Read { get; }

    /// <summary>A column of text.</summary>
    public static Column<TRow> Text(string name, Func<TRow, string?> read) => new(name, ColumnKind.Text, read);

    /// <summary>A column of whole numbers.</summary>
    public static Column<TRow> Integer(string name, Func<TRow, long?> read) => new(name, ColumnKind.Integer, row => read(row));

    /// <summary>A column of yes and no as 1 and 0, which every program takes means and sums of.</summary>
    public static Column<TRow> Flag(string name, Func<TRow, bool?> read) =>
        new(name, ColumnKind.Integer, row => read(row) is { } flag ? flag ? 1L : 0L : null);

    /// <summary>A column of numbers; what is no finite number counts as absent.</summary>
    public static Column<TRow> Real(string name, Func<TRow, double?> read) =>
        new(name, ColumnKind.Real, row => read(row) is { } value && double.IsFinite(value) ? value : null);

    /// <summary>A column of moments.</summary>
    public static Column<TRow> Time(string name, Func<TRow, DateTimeOffset?> read) => new(name, ColumnKind.Time, row => read(row));
}
