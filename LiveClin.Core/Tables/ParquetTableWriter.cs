using System.IO.Compression;
using Parquet;
using Parquet.Schema;

namespace LiveClin.Core.Tables;

/// <summary>Apache Parquet. Rows are gathered into groups, since a group's columns stand one after the other in the file.</summary>
internal sealed class ParquetTableWriter : ITableWriter
{
    /// <summary>Most rows of a group.</summary>
    public const int RowsOfGroup = 10_000;

    /// <summary>Most characters of text in a group: what bounds the memory, because replies may be long.</summary>
    public const long CharactersOfGroup = 16 << 20;

    private readonly ParquetWriter _file;
    private readonly ParquetColumn[] _columns;
    private int _rows;
    private long _characters;

    private ParquetTableWriter(ParquetWriter file, ParquetColumn[] columns) => (_file, _columns) = (file, columns);

    public static async Task<ParquetTableWriter> CreateAsync(
        Stream stream, IReadOnlyList<(string Name, ColumnKind Kind)> columns, CancellationToken cancellationToken)
    {
        ParquetColumn[] gathered = [.. columns.Select(column => ParquetColumn.Of(column.Name, column.Kind))];
        var schema = new ParquetSchema(gathered.Select(Field (column) => column.Field));
        // The library's own level is the highest: a hundred times slower on replies, for two percent of size.
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest };
        return new ParquetTableWriter(await ParquetWriter.CreateAsync(schema, stream, options, cancellationToken: cancellationToken)
            .ConfigureAwait(false), gathered);
    }

    public async ValueTask WriteAsync(object?[] values, CancellationToken cancellationToken)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _columns[i].Add(values[i]);
            if (values[i] is string text) _characters += text.Length;
        }

        if (++_rows >= RowsOfGroup || _characters >= CharactersOfGroup) await EndGroupAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_rows > 0) await EndGroupAsync(CancellationToken.None).ConfigureAwait(false);
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    private async Task EndGroupAsync(CancellationToken cancellationToken)
    {
        using var group = _file.CreateRowGroup();
        foreach (var column in _columns) await column.WriteAsync(group, cancellationToken).ConfigureAwait(false);
        group.CompleteValidate();
        (_rows, _characters) = (0, 0);
    }
}
