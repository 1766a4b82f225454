using System.Text.Json.Serialization;

namespace LiveClin.Core.Results;

[JsonSerializable(typeof(StoreHolder))]
internal sealed partial class StoreHolderJson : JsonSerializerContext;
