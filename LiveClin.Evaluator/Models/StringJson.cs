using System.Text.Json.Serialization;

namespace LiveClin.Evaluator.Models;

[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(List<string>))]
internal sealed partial class StringJson : JsonSerializerContext;
