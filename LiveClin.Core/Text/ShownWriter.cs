using System.Text;

namespace LiveClin.Core.Text;

/// <summary>A console whose texts hold names and messages from outside: whatever is written becomes harmless on its way.</summary>
/// <param name="inner">The console.</param>
public sealed class ShownWriter(TextWriter inner) : TextWriter(inner.FormatProvider)
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <summary>The console, wrapped once.</summary>
    public static ShownWriter Over(TextWriter inner) => inner as ShownWriter ?? new ShownWriter(inner);

    /// <summary>True when a console, wrapped or not, is this one.</summary>
    /// <param name="console">The console that may be wrapped.</param>
    /// <param name="inner">The one that it may be.</param>
    public static bool IsOver(TextWriter console, TextWriter inner) => ReferenceEquals((console as ShownWriter)?.Inner ?? console, inner);

    /// <summary>Goes back to the beginning of a terminal's line, which no text from outside may do.</summary>
    public void Return() => inner.Write('\r');

    private TextWriter Inner => inner;

    /// <inheritdoc/>
    public override void Write(char value) => inner.Write(ShownText.Lines(value.ToString()));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => inner.Write(ShownText.Lines(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => inner.WriteLine(ShownText.Lines(value));

    /// <inheritdoc/>
    public override void WriteLine() => inner.WriteLine();

    /// <inheritdoc/>
    public override Task WriteAsync(string? value) => inner.WriteAsync(ShownText.Lines(value));

    /// <inheritdoc/>
    public override Task WriteLineAsync(string? value) => inner.WriteLineAsync(ShownText.Lines(value));

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <summary>What the console says of itself; of one in memory, what was written to it.</summary>
    public override string? ToString() => inner.ToString();
}
