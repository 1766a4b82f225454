using System.Net;
using LiveClin.Core.Text;

namespace LiveClin.Stats.Reports;

/// <summary>Untrusted text in HTML: nothing in it may become HTML, hide, or turn the direction of writing.</summary>
internal static class HtmlText
{
    /// <summary>A text within an element or an attribute in quotes; its line ends stay.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(ShownText.Lines(text));
}
