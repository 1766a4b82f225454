using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LiveClin.AppHost.Terminal;

/// <summary>
/// One line per event, as a person reads them: <c>22:31:07 warning: Qwen: the vision check failed</c>. Lines of the summary stand alone.
/// </summary>
internal sealed class PlainFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>The formatter's name.</summary>
    public const string FormatterName = "plain";

    /// <summary>The category of lines that are printed as they are: addresses and the summary.</summary>
    public const string BareCategory = "LiveClin.Summary";

    private const string OwnCategories = "LiveClin.";

    /// <inheritdoc/>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (logEntry.Category == BareCategory)
        {
            textWriter.WriteLine(message);
            return;
        }

        textWriter.Write(time.GetLocalNow().ToString("HH:mm:ss ", CultureInfo.InvariantCulture));
        textWriter.Write(Severity(logEntry.LogLevel));
        if (!logEntry.Category.StartsWith(OwnCategories, StringComparison.Ordinal)) textWriter.Write($"{logEntry.Category}: ");
        textWriter.WriteLine(message);
        if (logEntry.Exception is { } exception) textWriter.WriteLine(exception);
    }

    private static string Severity(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "error: ",
        LogLevel.Warning => "warning: ",
        LogLevel.Debug or LogLevel.Trace => "debug: ",
        _ => "",
    };
}
