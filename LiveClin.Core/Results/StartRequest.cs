namespace LiveClin.Core.Results;

/// <summary>What a caller's idempotency key stands for.</summary>
/// <param name="RunId">The run that the request began, continued or found.</param>
/// <param name="Sha256">SHA-256 of the request without its secrets, lower-case hexadecimal.</param>
public sealed record StartRequest(string RunId, string Sha256);
