namespace LiveClin.Evaluator.Runs;

/// <summary>A run cannot be started as asked; the message says why and what to do.</summary>
public sealed class RunRefusedException(string message) : Exception(message);
