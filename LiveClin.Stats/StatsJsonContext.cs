using System.Text.Json.Serialization;

namespace LiveClin.Stats;

[JsonSerializable(typeof(string))]
internal sealed partial class StatsJsonContext : JsonSerializerContext;
