using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using LiveClin.Core.Results.Engines;

namespace LiveClin.Core.Results;

/// <summary>
/// Reads a row's columns one after the other, in the order in which the query names them. What a broken disk or another program has put
/// where it cannot belong does not end the reading of the others: it is noted, and a default is given in its place.
/// </summary>
internal sealed class ColumnReader(StoreEngine engine, DbDataReader row)
{
    private int _column;

    /// <summary>The first column of the row that does not hold what it must; null while all do.</summary>
    public string? Damage { get; private set; }

    /// <summary>What <see cref="TakeDamage"/> gave for this row.</summary>
    public string? Taken { get; private set; }

    /// <summary>Begins with the next row.</summary>
    public void Begin() => (_column, Damage, Taken) = (0, null, null);

    /// <summary>The same as <see cref="Damage"/>, by somebody who tells it: the row is not left out for it.</summary>
    public string? TakeDamage()
    {
        (Taken, Damage) = (Taken ?? Damage, null);
        return Taken;
    }

    /// <summary>A column by its number, as the database has it.</summary>
    public object Raw(int column) => row.GetValue(column);

    public string Text() => TextOrNull() ?? Spoiled("")!;

    public string? TextOrNull()
    {
        var column = _column++;
        return row.IsDBNull(column) ? null : engine.ReadText(row, column);
    }

    /// <summary>The name of a file or folder; one that is none stands for one that is not there.</summary>
    public string FilePath()
    {
        var text = TextOrNull();
        return text is null || text.Contains('\0', StringComparison.Ordinal) ? Spoiled("not known")! : text;
    }

    /// <summary>The name of a file alone; empty where it is none.</summary>
    public string FileName()
    {
        var text = TextOrNull();
        return text is null || text.AsSpan().IndexOfAny('\0', '/') >= 0 ? Spoiled("")! : text;
    }

    public int Integer()
    {
        var value = Long();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : Spoiled(0);
    }

    /// <summary>A number from 0.</summary>
    public int Position()
    {
        var value = Integer();
        return value >= 0 ? value : Spoiled(0);
    }

    public bool Flag() => Long() != 0;

    /// <summary>A value of an enumeration, by its number.</summary>
    public T Code<T>() where T : struct, Enum => Codes<T>.Known.TryGetValue(Long(), out var value) ? value : Spoiled(default(T));

    public long Long() => LongOrNull() ?? Spoiled(0L);

    public long? LongOrNull()
    {
        var column = _column++;
        if (row.IsDBNull(column)) return null;
        // SQLite keeps in a column whatever is put there, and reads a word as the number 0.
        return Type.GetTypeCode(row.GetFieldType(column)) is TypeCode.Int64 or TypeCode.Int32 or TypeCode.Int16
            ? row.GetInt64(column)
            : Spoiled((long?)null);
    }

    public double Double() => DoubleOrNull() ?? Spoiled(0.0);

    public double? DoubleOrNull()
    {
        var column = _column++;
        if (row.IsDBNull(column)) return null;
        return Type.GetTypeCode(row.GetFieldType(column)) is TypeCode.Double or TypeCode.Int64 && double.IsFinite(row.GetDouble(column))
            ? row.GetDouble(column)
            : Spoiled((double?)null);
    }

    public DateTimeOffset Time() => TimeOrNull() ?? Spoiled(default(DateTimeOffset));

    // As this program writes times, the year comes first.
    public DateTimeOffset? TimeOrNull()
    {
        if (TextOrNull() is not { } text) return null;
        return text.Length > 10 && text[4] == '-'
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : Spoiled((DateTimeOffset?)null);
    }

    /// <summary>A text that has a form of its own.</summary>
    /// <param name="parse">Reads it, or throws what readers of texts throw.</param>
    /// <param name="otherwise">Stands for one that cannot be read.</param>
    public T Parse<T>(Func<string, T> parse, T otherwise)
    {
        var text = Text();
        try
        {
            return parse(text);
        }
        catch (Exception error) when (error is FormatException or JsonException or ArgumentException or InvalidOperationException
            or OverflowException or NullReferenceException)
        {
            return Spoiled(otherwise);
        }
    }

    /// <summary>Says that a column that was read holds what cannot be.</summary>
    public void Spoil(string column) => Damage ??= column;

    // The column that was read last.
    private T Spoiled<T>(T value)
    {
        Damage ??= row.GetName(_column - 1);
        return value;
    }

    private static class Codes<T> where T : struct, Enum
    {
        public static readonly Dictionary<long, T> Known =
            Enum.GetValues<T>().Distinct().ToDictionary(value => Convert.ToInt64(value, CultureInfo.InvariantCulture));
    }
}
