using System.Text.Json;
using LiveClin.Core.Releases;

namespace LiveClin.Core.Cases;

/// <summary>
/// Finds halves of surrogate pairs written as escapes (<c>"\ud83d"</c> alone). They are no text: neither a request nor a file in UTF-8
/// can hold them.
/// </summary>
internal sealed class SurrogateCheck(ProblemList problems, int line)
{
    public void Walk(JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                Check(value.GetString, path);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray()) Walk(item, $"{path}[{index++}]");
                break;
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                    if (Check(() => property.Name, path)) Walk(property.Value, FieldReader.Join(path, property.Name));
                break;
        }
    }

    private bool Check(Func<string?> read, string path)
    {
        try
        {
            read();
            return true;
        }
        catch (InvalidOperationException)
        {
            problems.Error(line, path.Length == 0 ? null : path,
                @"contains half of a surrogate pair (an escape such as \ud83d without its other half), which is no text");
            return false;
        }
    }
}
