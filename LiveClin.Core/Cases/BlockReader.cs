using System.Collections.Immutable;
using System.Text.Json;
using LiveClin.Core.Formats;

namespace LiveClin.Core.Cases;

/// <summary>Reads a question, and the figures and tables of a block (the scenario or a question).</summary>
internal sealed class BlockReader(FieldReader fields)
{
    public Question Question(JsonElement item, int index, string path)
    {
        var text = fields.Required(item, "question", path);
        var options = Options(item, path);
        return new Question
        {
            Index = index,
            Stage = fields.Described(item, "stage", path),
            Text = text,
            Options = options,
            Key = Key(item, options, path),
            Figures = Figures(item, "image_details", path),
            Tables = Tables(item, "table_details", path),
        };
    }

    public ImmutableArray<Figure> Figures(JsonElement block, string name, string path) => Items(block, name, path, (item, at) => new Figure
    {
        File = File(item, at),
        Url = fields.Optional(item, "url", at),
        CaptionPrefix = fields.Optional(item, "caption_prefix", at),
        Caption = fields.Described(item, "caption", at),
        Label = fields.Described(item, "label", at),
        Id = fields.Described(item, "id", at),
        Type = fields.Described(item, "type", at),
    });

    public ImmutableArray<Table> Tables(JsonElement block, string name, string path) => Items(block, name, path, (item, at) => new Table
    {
        CaptionPrefix = fields.PrintedAsPublished(item, "caption_prefix", at),
        Caption = fields.PrintedAsPublished(item, "caption", at),
        Content = fields.Optional(item, "content", at),
        Id = fields.Described(item, "id", at),
        Type = fields.Described(item, "type", at),
    });

    // The published tools print a number as a file's name; everything else must be text.
    private string? File(JsonElement item, string path) =>
        item.TryGetProperty("file", out var value) && value.ValueKind == JsonValueKind.Number
            ? FieldReader.Printed(value) : fields.Optional(item, "file", path);

    private ImmutableArray<T> Items<T>(JsonElement block, string name, string path, Func<JsonElement, string, T> read)
    {
        // As published, whatever is not true in Python's sense stands for no list: null, "", {}, false.
        if (!block.TryGetProperty(name, out var list) || !PythonJson.Truthy(list)) return [];
        path = $"{path}.{name}";
        if (list.ValueKind != JsonValueKind.Array)
        {
            fields.Error(path, $"must be a list, not {FieldReader.Kind(list)}");
            return [];
        }

        var items = ImmutableArray.CreateBuilder<T>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            var at = $"{path}[{items.Count}]";
            if (item.ValueKind == JsonValueKind.Object) items.Add(read(item, at));
            else fields.Error(at, $"must be an object, not {FieldReader.Kind(item)}");
        }

        return items.ToImmutable();
    }

    private ImmutableArray<Option> Options(JsonElement item, string path)
    {
        path += ".options";
        if (!item.TryGetProperty("options", out var map)) fields.Error(path, "is missing");
        else if (map.ValueKind != JsonValueKind.Object)
            fields.Error(path, $"must be an object of letters and texts, not {FieldReader.Kind(map)}");
        else
        {
            var options = new List<Option>(10);
            foreach (var option in map.EnumerateObject())
            {
                if (FieldReader.Printed(option.Value) is { } text) Insert(options, new Option(option.Name, text), path);
                else fields.Error($"{path}.{option.Name}", $"must be a string, not {FieldReader.Kind(option.Value)}");
            }

            if (options.Count == 0 && !map.EnumerateObject().MoveNext()) fields.Error(path, "is empty; a question needs options");
            return [.. options];
        }

        return [];
    }

    // Keeps the options sorted by letter; of equal letters the last counts.
    private void Insert(List<Option> options, Option option, string path)
    {
        if (string.IsNullOrWhiteSpace(option.Text)) fields.Warn($"{path}.{option.Letter}", "is empty");
        var at = options.Count;
        while (at > 0 && string.CompareOrdinal(options[at - 1].Letter, option.Letter) > 0) at--;
        if (at > 0 && options[at - 1].Letter == option.Letter)
        {
            options[at - 1] = option;
            return;
        }

        foreach (var other in options)
            if (string.Equals(other.Letter, option.Letter, StringComparison.OrdinalIgnoreCase))
                fields.Error(path, $"has the letters '{other.Letter}' and '{option.Letter}', which differ only in case");
        options.Insert(at, option);
    }

    private string Key(JsonElement item, ImmutableArray<Option> options, string path)
    {
        var errors = !item.TryGetProperty("correct_answer", out var value) || value.ValueKind != JsonValueKind.String;
        var key = fields.Required(item, "correct_answer", path).ToUpperInvariant();
        if (errors || options.IsEmpty) return key;
        if (!options.Any(o => string.Equals(o.Letter, key, StringComparison.OrdinalIgnoreCase)))
            fields.Error(path + ".correct_answer",
                $"is '{value.GetString()}', which is not among the options {string.Join(", ", options.Select(o => o.Letter))}");
        else if (key is not [>= 'A' and <= 'J'])
            fields.Warn(path + ".correct_answer",
                $"is '{key}'; the published rules find only the letters A to J, so that no answer can be correct");
        return key;
    }
}
