using System.Globalization;
using Microsoft.Data.Sqlite;

namespace LiveClin.Core.Results;

/// <summary>Reads a row's columns one after the other, in the order in which the query names them.</summary>
internal struct ColumnReader(SqliteDataReader row)
{
    private int _column;

    public string Text() => row.GetString(_column++);

    public string? TextOrNull() => row.IsDBNull(_column) ? Skip<string>() : Text();

    public int Integer() => row.GetInt32(_column++);

    public bool Flag() => Integer() != 0;

    public long? LongOrNull() => row.IsDBNull(_column) ? Skip<long?>() : row.GetInt64(_column++);

    public double Double() => row.GetDouble(_column++);

    public DateTimeOffset Time() => ParseTime(Text());

    public DateTimeOffset? TimeOrNull() => row.IsDBNull(_column) ? Skip<DateTimeOffset?>() : Time();

    public static DateTimeOffset ParseTime(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    private T? Skip<T>()
    {
        _column++;
        return default;
    }
}
