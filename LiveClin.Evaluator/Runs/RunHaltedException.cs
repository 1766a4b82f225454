namespace LiveClin.Evaluator.Runs;

/// <summary>Something concerns the whole run: no further question is asked. What was answered is stored; the run can be resumed.</summary>
internal sealed class RunHaltedException(string message, Exception? inner = null) : Exception(message, inner);
