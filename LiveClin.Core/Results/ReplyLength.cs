namespace LiveClin.Core.Results;

/// <summary>Length of a reply in tokens.</summary>
/// <param name="Whole">With what the model thought.</param>
/// <param name="Said">Without: what stands in the conversation's history.</param>
public readonly record struct ReplyLength(double Whole, double Said);
