using System.Text.RegularExpressions;
using LiveClin.Testing;

namespace LiveClin.Hosting.Local.Tests.Api;

/// <summary>The recorded public API of the original: full type name → declaration and members, each in one normal form.</summary>
internal static partial class ApiReference
{
    public static IReadOnlyDictionary<string, ApiType> Types { get; } = Read(File.ReadAllLines(SharedData.Path("reference", "aspire-api.md")));

    // Sample:
    //   // Aspire.Hosting  namespace Aspire.Hosting.ApplicationModel
    //   public abstract class Resource : IResource
    //       protected Resource(string name);
    private static Dictionary<string, ApiType> Read(string[] lines)
    {
        var types = new Dictionary<string, ApiType>();
        string? ns = null;
        ApiType? current = null;
        var code = false;
        foreach (var line in Joined(lines))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) code = !code;
            else if (!code) continue;
            else if (NamespaceLine().Match(line) is { Success: true } match) ns = match.Groups[1].Value;
            else if (line.StartsWith("    ", StringComparison.Ordinal)) current?.Members.UnionWith(Members(line.Trim(), current));
            else if (DeclarationLine().Match(line) is { Success: true } declaration)
            {
                var name = declaration.Groups["name"].Value;
                current = new ApiType(line, declaration.Groups["kind"].Value, [.. (declaration.Groups["bases"].Success ? SplitTopLevel(declaration.Groups["bases"].Value) : [])], []);
                types[$"{ns}.{name.Replace("<out ", "<", StringComparison.Ordinal)}"] = current;
            }
        }

        return types;
    }

    // An attribute's message may go over several lines.
    private static IEnumerable<string> Joined(string[] lines)
    {
        var pending = "";
        foreach (var line in lines)
        {
            pending = pending.Length == 0 ? line : $"{pending} {line}";
            if (pending.Count(c => c == '"') % 2 != 0 && pending.TrimStart().StartsWith('[')) continue;
            yield return pending;
            pending = "";
        }
    }

    private static IEnumerable<string> Members(string text, ApiType type)
    {
        if (type.Kind == "enum") return text.Trim('{', '}', ' ').Split(", ");
        var member = CommentPart().Replace(AttributePart().Replace(text, ""), "").TrimEnd(';', ' ');
        return [Normal(member)];
    }

    /// <summary>Differences that a subset may have, and that mean nothing to a caller, are left out.</summary>
    public static string Normal(string member) => SpacePart().Replace(member.Replace("readonly ", "", StringComparison.Ordinal).Replace("required ", "", StringComparison.Ordinal), " ").TrimEnd(';').Trim();

    public static IEnumerable<string> SplitTopLevel(string list)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < list.Length; i++)
        {
            if (list[i] is '<' or '(' or '[') depth++;
            else if (list[i] is '>' or ')' or ']') depth--;
            else if (list[i] == ',' && depth == 0)
            {
                yield return list[start..i].Trim();
                start = i + 1;
            }
        }

        yield return list[start..].Trim();
    }

    [GeneratedRegex(@"^// \S+\s+namespace (\S+)$")]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:\[.*?\] )?public (?:(?:static|sealed|abstract|ref) )*(?<kind>class|interface|record|enum|struct) (?<name>[\w.]+(?:<[^>]*>)?)(?: : (?<bases>.*?))?(?: where .*)?$")]
    private static partial Regex DeclarationLine();

    [GeneratedRegex(@"^(?:\[(?:[^\]""]|""[^""]*"")*\]\s*)+")]
    private static partial Regex AttributePart();

    [GeneratedRegex(@"/\*.*?\*/")]
    private static partial Regex CommentPart();

    [GeneratedRegex(@"\s+")]
    private static partial Regex SpacePart();
}

/// <summary>A type of the recorded API.</summary>
internal sealed record ApiType(string Declaration, string Kind, IReadOnlyList<string> Bases, HashSet<string> Members);
