using Parquet;
using Parquet.Schema;

namespace LiveClin.Core.Tables;

/// <summary>A column's values of one row group.</summary>
internal abstract class ParquetColumn(DataField column)
{
    public DataField Field { get; } = column;

    public static ParquetColumn Of(string name, ColumnKind kind) => kind switch
    {
        ColumnKind.Text => new TextColumn(new DataField<string>(name)),
        ColumnKind.Integer => new NumberColumn<long>(new DataField<long?>(name), value => (long)value),
        ColumnKind.Real => new NumberColumn<double>(new DataField<double?>(name), value => (double)value),
        ColumnKind.Time => new NumberColumn<DateTime>(
            new DateTimeDataField(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Millis, isNullable: true),
            value => ((DateTimeOffset)value).UtcDateTime),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public abstract void Add(object? value);

    /// <summary>Writes the values and forgets them.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken);

    private sealed class TextColumn(DataField column) : ParquetColumn(column)
    {
        private readonly List<string?> _values = [];

        public override void Add(object? value) => _values.Add((string?)value);

        public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken)
        {
            await group.WriteAsync(Field, _values!).ConfigureAwait(false);
            _values.Clear();
        }
    }

    private sealed class NumberColumn<T>(DataField column, Func<object, T> unbox) : ParquetColumn(column) where T : struct
    {
        private readonly List<T?> _values = [];

        public override void Add(object? value) => _values.Add(value is null ? null : unbox(value));

        public override async Task WriteAsync(ParquetRowGroupWriter group, CancellationToken cancellationToken)
        {
            await group.WriteAsync<T>(Field, _values.ToArray(), cancellationToken: cancellationToken).ConfigureAwait(false);
            _values.Clear();
        }
    }
}
