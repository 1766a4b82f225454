using MudBlazor;

namespace LiveClin.Hosting.Local.Dashboard.Resources;

/// <summary>Icons of commands: app models give the names of Fluent UI icons.</summary>
internal static class CommandIcons
{
    public static string Get(string? name) => name switch
    {
        "Play" or "PlayCircle" => Icons.Material.Outlined.PlayArrow,
        "Stop" => Icons.Material.Outlined.Stop,
        "Pause" => Icons.Material.Outlined.Pause,
        "ArrowCounterclockwise" or "ArrowSync" or "ArrowClockwise" => Icons.Material.Outlined.RestartAlt,
        "Next" or "FastForward" => Icons.Material.Outlined.SkipNext,
        "Delete" => Icons.Material.Outlined.Delete,
        "Open" => Icons.Material.Outlined.OpenInNew,
        "ArrowDownload" => Icons.Material.Outlined.Download,
        "Eye" => Icons.Material.Outlined.Visibility,
        _ => Icons.Material.Outlined.Bolt,
    };
}
