using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LiveClin.Core.Results;

namespace LiveClin.Core.Cases;

/// <summary>Stands for a stored case whose text is no case any more.</summary>
internal static class DamagedCase
{
    /// <param name="stored">What is left of it: its names, and a text that is cut off or overwritten.</param>
    /// <param name="keys">The keys of its questions, as far as answers tell them; empty where none does.</param>
    public static Case Of(StoredCase stored, IEnumerable<string> keys)
    {
        var left = ReadBeginning(stored.Json);
        return new Case
        {
            Ordinal = stored.Ordinal, Line = stored.Line, Id = stored.Id, FileName = stored.FileName, Json = stored.Json, IsDamaged = true,
            Title = left.GetValueOrDefault("title"),
            Chapter = left.GetValueOrDefault("Level1"),
            Subcategory = left.GetValueOrDefault("Level2"),
            Icd10 = left.GetValueOrDefault("ICD-10"),
            Rarity = left.GetValueOrDefault("Rarity"),
            Scenario = "",
            Questions = [.. keys.Select((key, index) => new Question { Index = index, Text = "", Options = [], Key = key })],
        };
    }

    // {"pmc": "1", "Level1": "Neoplasms", "exam_cre: texts and numbers before the place where it ends or breaks. Which chapter a case is
    // in decides which cases a sample takes.
    private static ImmutableDictionary<string, string> ReadBeginning(string json)
    {
        var found = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), isFinalBlock: false, state: default);
        try
        {
            for (var name = ""; reader.Read();)
            {
                if (reader.CurrentDepth != 1) continue;
                if (reader.TokenType == JsonTokenType.PropertyName) name = reader.GetString()!;
                else if (reader.TokenType == JsonTokenType.String) found[name] = reader.GetString()!;
                else if (reader.TokenType == JsonTokenType.Number) found[name] = Encoding.UTF8.GetString(reader.ValueSpan);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // What was read until here stays.
        }

        return found.ToImmutable();
    }
}
