using System.Collections.Immutable;

namespace LiveClin.Stats.Reports;

/// <summary>A value of a cell for machines: text, a <see cref="long"/>, a <see cref="double"/>, or absent.</summary>
/// <param name="Suffix">What follows the column's name in the machine's table: <c>_lower</c>, <c>_count</c>, or nothing.</param>
/// <param name="Value">The value: shares as fractions of 1, everything in full precision.</param>
public readonly record struct CellValue(string Suffix, object? Value);

/// <summary>A cell of a table: what people read, and the values behind it.</summary>
/// <param name="Text">What people read; empty for nothing.</param>
/// <param name="Values">What machines read.</param>
public sealed record ReportCell(string Text, ImmutableArray<CellValue> Values)
{
    /// <summary>True when it holds a number.</summary>
    public bool IsNumber => Values.Any(value => value.Value is long or double);

    /// <summary>Text that means itself.</summary>
    public static implicit operator ReportCell(string text) => new(text, [new CellValue("", text.Length == 0 ? null : text)]);

    /// <inheritdoc/>
    public override string ToString() => Text;
}
