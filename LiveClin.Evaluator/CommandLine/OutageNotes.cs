using LiveClin.Core.Results;

namespace LiveClin.Evaluator.CommandLine;

/// <summary>Tells who has started a command why nothing happens while a database is out of reach.</summary>
internal static class OutageNotes
{
    /// <summary>The same store; writes a line when its database is found to be gone, and one when it is back.</summary>
    public static ResultStore TellingOutages(this ResultStore store, TextWriter errors)
    {
        // The store tells on a thread of its own.
        var output = TextWriter.Synchronized(errors);
        // On a terminal the progress stands in the line already.
        var begin = ReferenceEquals(errors, Console.Error) && !Console.IsErrorRedirected ? "\n" : "";
        store.OutageChanged += (_, outage) =>
            output.WriteLine($"{begin}{(outage.Lasted is null ? "warning" : "note")}: {outage.Describe()}");
        return store;
    }
}
