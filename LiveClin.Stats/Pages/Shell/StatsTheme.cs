using MudBlazor;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>The component library's colours and type, the same as the style sheet's.</summary>
internal static class StatsTheme
{
    public static readonly MudTheme Theme = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0f766e",
            Background = "#f6f7f9",
            Surface = "#ffffff",
            TextPrimary = "#16202c",
            TextSecondary = "#51606f",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#2dd4bf",
            Background = "#12161c",
            Surface = "#1a2028",
            TextPrimary = "#e5eaf0",
            TextSecondary = "#9eacbb",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = ["Open Sans", "system-ui", "sans-serif"], FontSize = "0.875rem" },
        },
    };
}
