using System.Collections.Immutable;
using LiveClin.Core.Cases;

namespace LiveClin.Evaluator.Baselines;

/// <summary>A question as it reads in the prompt of a conversation.</summary>
/// <param name="Scenario">The scenario's text, from the conversation's first message; empty when there is none.</param>
/// <param name="Text">The question's text; the whole message when it is not in the published form.</param>
/// <param name="Options">The options offered; empty when the message is not in the published form.</param>
internal sealed record AskedQuestion(string Scenario, string Text, ImmutableArray<Option> Options)
{
    // * Scenario: A 15-year-old boy …
    //
    // * Question: Which of the following …
    // * Options:
    // A. Brain MRI
    // B. CT
    //
    // Please provide the letter of the correct option, formatted as …
    private const string ScenarioMark = "* Scenario: ";
    private const string QuestionMark = "* Question: ";
    private const string OptionsMark = "\n* Options:\n";
    private const string InstructionMark = "\n\nPlease provide the letter of the correct option";

    /// <summary>Reads the question that the last of a conversation's user messages asks.</summary>
    public static AskedQuestion Read(IReadOnlyList<string> userMessages)
    {
        var message = userMessages.Count > 0 ? userMessages[^1] : "";
        var scenario = userMessages.Count > 0 ? ReadScenario(userMessages[0]) : "";
        var end = message.LastIndexOf(InstructionMark, StringComparison.Ordinal);
        var options = end < 0 ? -1 : message.LastIndexOf(OptionsMark, end, StringComparison.Ordinal);
        var question = options < 0 ? -1 : message.LastIndexOf(QuestionMark, options, StringComparison.Ordinal);
        if (question < 0) return new AskedQuestion(scenario, message, []);

        var text = message[(question + QuestionMark.Length)..options];
        return new AskedQuestion(scenario, text, ReadOptions(message[(options + OptionsMark.Length)..end]));
    }

    private static string ReadScenario(string firstMessage)
    {
        if (!firstMessage.StartsWith(ScenarioMark, StringComparison.Ordinal)) return "";
        var end = firstMessage.IndexOf("\n\n" + QuestionMark, StringComparison.Ordinal);
        var scenario = end < 0 ? firstMessage : firstMessage[..end];
        foreach (var heading in (string[])["\n* Figures:\n", "\n* Tables:\n"])
            if (scenario.IndexOf(heading, StringComparison.Ordinal) is >= 0 and var cut)
                scenario = scenario[..cut];
        return scenario[ScenarioMark.Length..];
    }

    private static ImmutableArray<Option> ReadOptions(string block)
    {
        var options = ImmutableArray.CreateBuilder<Option>();
        foreach (var line in block.Split('\n'))
        {
            var dot = line.IndexOf(". ", StringComparison.Ordinal);
            var letter = dot is 1 or 2 ? line[..dot] : null;
            // Options come in the order of their letters; a line that breaks it belongs to the option above.
            if (letter is not null && letter.All(char.IsAsciiLetter) && (options.Count == 0 || string.CompareOrdinal(letter, options[^1].Letter) > 0))
                options.Add(new Option(letter, line[(dot + 2)..]));
            else if (options.Count > 0)
                options[^1] = options[^1] with { Text = options[^1].Text + "\n" + line };
        }

        return options.ToImmutable();
    }
}
