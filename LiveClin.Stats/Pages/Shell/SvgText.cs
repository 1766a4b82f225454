using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace LiveClin.Stats.Pages.Shell;

/// <summary>SVG's text element, whose name means something else in Razor files.</summary>
public sealed class SvgText : ComponentBase
{
    /// <summary>What is written.</summary>
    [Parameter, EditorRequired]
    public string Value { get; set; } = "";

    /// <summary>The element's attributes.</summary>
    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? Attributes { get; set; }

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddMultipleAttributes(1, Attributes);
        builder.AddContent(2, Value);
        builder.CloseElement();
    }
}
