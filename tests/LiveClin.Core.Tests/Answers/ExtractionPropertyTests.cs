using FsCheck;
using FsCheck.Fluent;
using LiveClin.Core.Answers;

namespace LiveClin.Core.Tests.Answers;

public sealed class ExtractionPropertyTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20261122, 11);

    // Half of the replies are made of what the rules look at, half of any characters at all.
    private static readonly Arbitrary<string> Replies = Gen.OneOf(
        Gen.Choose(0, int.MaxValue - 1).Select(seed => new ReplyGenerator(seed).First()),
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? "")).ToArbitrary();

    [Fact]
    public void A_letter_is_one_of_A_to_J_and_stands_where_the_result_says() => Check((reply, _, extraction) =>
        extraction.Letter is null
            ? extraction == Extraction.None
            : extraction.Letter is [>= 'A' and <= 'J' or '\u0130']
                && extraction.Rule != ExtractionRule.None
                && Folded(reply[extraction.Start]) == extraction.Letter[0]);

    [Fact]
    public void The_found_letter_alone_gives_itself() => Check((_, _, extraction) =>
        extraction.Letter is null
            || AnswerExtractor.Extract(extraction.Letter) == new Extraction(extraction.Letter, ExtractionRule.Line, 0));

    [Fact]
    public void White_space_around_a_reply_changes_nothing_but_the_place() => Check((reply, protocol, extraction) =>
        AnswerExtractor.Extract($"\n {reply}\u001f\n", protocol) == (extraction.Letter is null
            ? extraction : extraction with { Start = extraction.Start + 2 }));

    [Fact]
    public void The_strict_rule_finds_only_offered_letters_in_boxes() => Prop.ForAll(Replies, reply =>
    {
        var extraction = StrictExtractor.Extract(reply + @"\boxed{\text{" + reply + "}}", "ACE");
        return extraction == Extraction.None || (extraction.Rule == ExtractionRule.Boxed && extraction.Letter is "A" or "C" or "E");
    }).Check(Runs);

    private static void Check(Func<string, ExtractionProtocol, Extraction, bool> property) => Prop.ForAll(Replies, reply =>
        Enum.GetValues<ExtractionProtocol>().All(protocol =>
            property(reply, protocol, AnswerExtractor.Extract(reply, protocol)))).Check(Runs);

    private static char Folded(char letter) => letter == 'ı' ? 'I' : char.ToUpperInvariant(letter);
}
