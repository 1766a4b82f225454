using MudBlazor;

namespace LiveClin.Hosting.Local.Dashboard.Shell;

/// <summary>Colours and type of the pages; contrast of text is at least 4.5 : 1 in both themes.</summary>
internal static class DashboardTheme
{
    private static readonly string[] Fonts = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "DejaVu Sans", "sans-serif"];

    public static readonly MudTheme Theme = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0f766e",
            Secondary = "#475569",
            Background = "#f6f7f9",
            Surface = "#ffffff",
            TextPrimary = "#16202c",
            TextSecondary = "#51606f",
            ActionDefault = "#51606f",
            LinesDefault = "#dfe4ea",
            TableLines = "#e6eaef",
            Divider = "#dfe4ea",
            Success = "#15803d",
            Info = "#1d4ed8",
            Warning = "#a15c07",
            Error = "#b91c1c",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#2dd4bf",
            Secondary = "#94a3b8",
            Background = "#12161c",
            Surface = "#1a2028",
            TextPrimary = "#e5eaf0",
            TextSecondary = "#9eacbb",
            ActionDefault = "#9eacbb",
            LinesDefault = "#2c3541",
            TableLines = "#28303b",
            Divider = "#2c3541",
            Success = "#4ade80",
            Info = "#7aa2ff",
            Warning = "#fbbf24",
            Error = "#f87171",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Typography = new Typography { Default = new DefaultTypography { FontFamily = Fonts, FontSize = "0.875rem" } },
    };
}
