using LiveClin.Core.Cases;

namespace LiveClin.Evaluator.Runs;

/// <summary>Whoever looks after the model's server says that it is gone, and how.</summary>
/// <param name="Kind"><see cref="Died"/> or <see cref="Hung"/>.</param>
/// <param name="Reason">What was seen, in words.</param>
internal sealed record ServerLoss(string Kind, string Reason)
{
    /// <summary>The kind of error of a question at which the server ended.</summary>
    public const string Died = "server_died";

    /// <summary>The kind of error of a question at which the server stopped answering.</summary>
    public const string Hung = "server_hang";
}

/// <summary>A question that was sent and got no reply before the run was stopped.</summary>
/// <param name="Held">Its conversation.</param>
/// <param name="Question">The question.</param>
/// <param name="Sent">What was sent.</param>
/// <param name="Attempts">How often.</param>
internal sealed record CutOffQuestion(HeldConversation Held, Question Question, AddedPrompt Sent, int Attempts);

/// <summary>What a loss says of the questions that were under way.</summary>
/// <param name="Guilty">The question that the server is lost at; null when it is not known.</param>
/// <param name="IsAtSuspects">True when nothing was under way but what the losses before had cut off already.</param>
internal sealed record LossVerdict(CutOffQuestion? Guilty, bool IsAtSuspects);
