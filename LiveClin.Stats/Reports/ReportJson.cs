using System.Text.Json;
using System.Text.Json.Serialization;
using LiveClin.Stats.ResultSets;

namespace LiveClin.Stats.Reports;

/// <summary>A report as JSON; the schema is described in docs/report-json.md.</summary>
public static class ReportJson
{
    /// <summary>Writes a report; numbers that cannot be given are null.</summary>
    public static void Write(Stream stream, Report report) => JsonSerializer.Serialize(stream, report, ReportJsonContext.Default.Report);
}

[JsonSourceGenerationOptions(
    WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true,
    Converters = [typeof(NullForNaN), typeof(ModelWithoutAnswers)])]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;

/// <summary>JSON has no NaN: what cannot be computed is null.</summary>
internal sealed class NullForNaN : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else writer.WriteNullValue();
    }
}

/// <summary>Of a model its name and run; the answers themselves are exported by the evaluator.</summary>
internal sealed class ModelWithoutAnswers : JsonConverter<ModelResults>
{
    public override ModelResults Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Reports are written, never read back.");

    public override void Write(Utf8JsonWriter writer, ModelResults value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("model", value.Model);
        writer.WriteString("run_id", value.RunId);
        writer.WriteString("kind", value.Kind.ToString().ToLowerInvariant());
        writer.WriteBoolean("is_complete", value.IsComplete);
        writer.WriteEndObject();
    }
}
