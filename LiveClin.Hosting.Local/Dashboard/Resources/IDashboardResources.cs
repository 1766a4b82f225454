namespace LiveClin.Hosting.Local.Dashboard.Resources;

/// <summary>What the dashboard needs of an app host; the app model implements it, and tests do.</summary>
internal interface IDashboardResources
{
    /// <summary>The app's name, shown in the header.</summary>
    string ApplicationName { get; }

    /// <summary>Grows with every change of <see cref="Resources"/>.</summary>
    long Version { get; }

    /// <summary>All resources that are not hidden, in the order of the app model.</summary>
    IReadOnlyList<ResourceView> Resources { get; }

    /// <summary>Console lines kept so far, then new ones as they come, until cancelled or the resource is gone.</summary>
    IAsyncEnumerable<IReadOnlyList<ConsoleLine>> WatchConsoleAsync(string resourceId, CancellationToken cancellationToken);

    /// <summary>Console lines kept so far.</summary>
    IAsyncEnumerable<IReadOnlyList<ConsoleLine>> ReadConsoleAsync(string resourceId, CancellationToken cancellationToken);

    /// <summary>Runs a command; null when it succeeded, else what went wrong.</summary>
    Task<string?> ExecuteAsync(string resourceId, string command, CancellationToken cancellationToken);
}

/// <summary>A line of a resource's output.</summary>
/// <param name="Number">Counted from 1.</param>
/// <param name="Text">With ANSI sequences as written.</param>
/// <param name="IsError">True for standard error.</param>
internal readonly record struct ConsoleLine(int Number, string Text, bool IsError);
