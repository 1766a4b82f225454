namespace LiveClin.ServiceDefaults.Rpc;

/// <summary>Something wrong with a request.</summary>
/// <param name="Field">Path of the field, for example <c>model.api_id</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record FieldProblem(string Field, string Message);
