namespace LiveClin.Hosting.Local.Dashboard.Resources;

/// <summary>How a state or health is coloured.</summary>
public enum Tone
{
    /// <summary>Nothing special.</summary>
    Neutral,

    /// <summary>As wanted.</summary>
    Good,

    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>On the way.</summary>
    Busy,

    /// <summary>Wants attention.</summary>
    Warning,

    /// <summary>Failed.</summary>
    Bad,
}

/// <summary>What the pages show of a resource; secrets are already masked in it.</summary>
public sealed record ResourceView
{
    /// <summary>Identifies the resource (one replica) towards the app host.</summary>
    public required string Id { get; init; }

    /// <summary>The name in the app model.</summary>
    public required string Name { get; init; }

    /// <summary>Project, Executable, SGLang, …</summary>
    public required string Type { get; init; }

    /// <summary>The state as published, or null before the first one.</summary>
    public string? State { get; init; }

    /// <summary>The state's colour.</summary>
    public Tone Tone { get; init; }

    /// <summary>Overall health in words, or null without health checks.</summary>
    public string? Health { get; init; }

    /// <summary>The health's colour.</summary>
    public Tone HealthTone { get; init; }

    /// <summary>The single health checks.</summary>
    public IReadOnlyList<HealthView> HealthReports { get; init; } = [];

    /// <summary>When it was created, UTC.</summary>
    public DateTime? Created { get; init; }

    /// <summary>When it was started, UTC.</summary>
    public DateTime? Started { get; init; }

    /// <summary>When it stopped, UTC.</summary>
    public DateTime? Stopped { get; init; }

    /// <summary>The process's exit code.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What it was made from: a project, a program, a model.</summary>
    public string? Source { get; init; }

    /// <summary>Where it can be reached.</summary>
    public IReadOnlyList<UrlView> Urls { get; init; } = [];

    /// <summary>Environment variables.</summary>
    public IReadOnlyList<ValueView> Environment { get; init; } = [];

    /// <summary>Properties that it publishes.</summary>
    public IReadOnlyList<ValueView> Properties { get; init; } = [];

    /// <summary>What can be done with it.</summary>
    public IReadOnlyList<CommandView> Commands { get; init; } = [];

    /// <summary>Other resources it refers to.</summary>
    public IReadOnlyList<RelationView> Relations { get; init; } = [];
}

/// <summary>One health check's last result.</summary>
/// <param name="Name">The check.</param>
/// <param name="Status">Healthy, Degraded, Unhealthy, or null before the first run.</param>
/// <param name="Tone">Its colour.</param>
/// <param name="Description">The reason, or null.</param>
/// <param name="Exception">The exception's text, or null.</param>
/// <param name="LastRun">UTC, or null.</param>
public sealed record HealthView(string Name, string? Status, Tone Tone, string? Description, string? Exception, DateTime? LastRun);

/// <summary>An address of a resource.</summary>
/// <param name="Name">What is shown.</param>
/// <param name="Url">The address.</param>
/// <param name="IsInternal">True when people have no use for it.</param>
public sealed record UrlView(string Name, string Url, bool IsInternal)
{
    /// <summary>True when a browser may follow it; anything but HTTP is shown as text.</summary>
    public bool IsLink => Uri.TryCreate(Url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
}

/// <summary>A named value.</summary>
/// <param name="Name">The name.</param>
/// <param name="Value">The value; empty when it is a secret, which never leaves the app host.</param>
/// <param name="IsSecret">True when the value is masked.</param>
public sealed record ValueView(string Name, string Value, bool IsSecret);

/// <summary>A command of a resource.</summary>
/// <param name="Name">Identifies it.</param>
/// <param name="DisplayName">What the button says.</param>
/// <param name="Description">What it does, or null.</param>
/// <param name="Confirmation">A question asked first, or null.</param>
/// <param name="Icon">An icon's name, or null.</param>
/// <param name="IsEnabled">False when it makes no sense at present.</param>
/// <param name="IsHighlighted">True for a button of its own, else it is in the menu.</param>
public sealed record CommandView(string Name, string DisplayName, string? Description, string? Confirmation, string? Icon, bool IsEnabled, bool IsHighlighted);

/// <summary>An arrow from a resource to another.</summary>
/// <param name="Resource">The other's name.</param>
/// <param name="Kind">Reference, WaitFor, Parent, …</param>
public sealed record RelationView(string Resource, string Kind);
