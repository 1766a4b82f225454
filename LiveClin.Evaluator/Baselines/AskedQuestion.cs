using System.Collections.Immutable;
using LiveClin.Core.Cases;
using LiveClin.Core.Floors;

namespace LiveClin.Evaluator.Baselines;

/// <summary>A question as it reads in the prompt of a conversation.</summary>
/// <param name="Scenario">The scenario's text, from the conversation's first message; empty when there is none.</param>
/// <param name="Text">
/// The question's text; the whole message when it is not in the published form, empty when it asks nothing but the options.
/// </param>
/// <param name="Options">The options offered; empty when the message is not in the published form.</param>
/// <param name="OptionLines">The options' lines as they stand in the message.</param>
internal sealed record AskedQuestion(string Scenario, string Text, ImmutableArray<Option> Options, string OptionLines)
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
    private const string OptionsMark = "* Options:\n";
    private const string InstructionMark = "\n\nPlease provide the letter of the correct option";

    /// <summary>What a floor looks at.</summary>
    public FloorQuestion ForFloors => new(Scenario, Text, Options);

    /// <summary>Reads the question that the last of a conversation's user messages asks.</summary>
    public static AskedQuestion Read(ReadOnlySpan<string> userMessages)
    {
        var message = userMessages.IsEmpty ? "" : userMessages[^1];
        var scenario = userMessages.IsEmpty ? "" : ReadScenario(userMessages[0]);
        var end = message.LastIndexOf(InstructionMark, StringComparison.Ordinal);
        var options = end < 0 ? -1 : message.LastIndexOf("\n" + OptionsMark, end, StringComparison.Ordinal);
        var question = options < 0 ? -1 : message.LastIndexOf(QuestionMark, options, StringComparison.Ordinal);
        if (question >= 0)
            return Offering(scenario, message[(question + QuestionMark.Length)..options], message[(options + 1 + OptionsMark.Length)..end]);
        return end >= OptionsMark.Length && message.StartsWith(OptionsMark, StringComparison.Ordinal)
            ? Offering(scenario, "", message[OptionsMark.Length..end])
            : new AskedQuestion(scenario, message, [], "");
    }

    private static AskedQuestion Offering(string scenario, string text, string optionLines) =>
        new(scenario, text, ReadOptions(optionLines), optionLines);

    private static string ReadScenario(string firstMessage)
    {
        if (!firstMessage.StartsWith(ScenarioMark, StringComparison.Ordinal)) return "";
        var end = firstMessage.IndexOf("\n\n" + QuestionMark, StringComparison.Ordinal);
        var scenario = end < 0 ? firstMessage : firstMessage[..end];
        foreach (var heading in (string[])["\n* Figures:\n", "\n* Figures: cannot be shown here.", "\n* Tables:\n"])
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
            if (letter is not null && letter.All(char.IsAsciiLetter)
                && (options.Count == 0 || string.CompareOrdinal(letter, options[^1].Letter) > 0))
                options.Add(new Option(letter, line[(dot + 2)..]));
            else if (options.Count > 0)
                options[^1] = options[^1] with { Text = options[^1].Text + "\n" + line };
        }

        return options.ToImmutable();
    }
}
