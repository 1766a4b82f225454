using System.Data.Common;
using System.Globalization;
using LiveClin.Core.Results.Engines;

namespace LiveClin.Core.Results;

/// <summary>Reads a row's columns one after the other, in the order in which the query names them.</summary>
internal struct ColumnReader(StoreEngine engine, DbDataReader row)
{
    private int _column;

    public string Text() => engine.ReadText(row, _column++);

    public string? TextOrNull() => row.IsDBNull(_column) ? Skip<string>() : Text();

    public int Integer() => row.GetInt32(_column++);

    public bool Flag() => Integer() != 0;

    public long Long() => row.GetInt64(_column++);

    public long? LongOrNull() => row.IsDBNull(_column) ? Skip<long?>() : Long();

    public double Double() => row.GetDouble(_column++);

    public double? DoubleOrNull() => row.IsDBNull(_column) ? Skip<double?>() : Double();

    public DateTimeOffset Time() => DateTimeOffset.Parse(Text(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public DateTimeOffset? TimeOrNull() => row.IsDBNull(_column) ? Skip<DateTimeOffset?>() : Time();

    private T? Skip<T>()
    {
        _column++;
        return default;
    }
}
