using System.Collections;
using System.Globalization;
using System.Text;

namespace LiveClin.Core.Tests.Answers;

/// <summary>An endless, seeded run of replies made of what the rules look at, and of what Python and .NET disagree on.</summary>
internal sealed class ReplyGenerator(int seed) : IEnumerable<string>
{
    private const string Letters = "ABCDEFGHIJabcdefghijIiK";

    private static readonly string[] Fragments =
    [
        @"\boxed{", @"\Boxed{", "}", "boxed", "answer", "ANSWER", "an\u017fwer", "option", "Options", "opt\u0130on", "choice",
        "cho\u0131ce", "selected option",
        "Selected  Option", "is", "i", "s", ":", "-", "\u2013", "\uff1a", " ", "  ", "\n", "\n\n", "\r", "\r\n", "\t", "\v", "\f", "\u001c",
        "\u001d", "\u001e", "\u001f",
        "\u0085", "\u00a0", "\u1680", "\u180e", "\u200b", "\u200c", "\u200d", "\u2028", "\u2029", "\u202f", "\u2060", "\u3000", "\ufeff",
        ".", ")", "]", "(", "*", "_",
        "\u00b2", "\u00bd", "\u2163", "\u0663", "\u00e9", "\u0301", "\u0903", "\u20dd", "\u02b0", "\u017f", "\u0131", "\u0130", "\u212a",
        "\u212b", "\u00df", "\ufb01", "\ufb06",
        "\uff21", "\u0410", "\u4e2d", "\ud55c", "\0", "\ud800", "\udfff", "\U0001d400", "\U0001d7d8", "\U0001f600", "\U00010330",
        "\U0001f130", "\U000e0100", "the ", "wrong",
    ];

    // Where one strange character decides.
    private static readonly string[] Edges =
    [
        "x {0}{1} y", "x {1}{0} y", @"\boxed{{{0}{1}}}", "answer{0}{1}", "answer is {1}{0}", "an{0}wer: {1}", "cho{0}ce: {1}",
        "answer: {0}", "so\n{1}{0}", "so\n{0}{1} .", "so{0}{1}", "{0}",
    ];

    public IEnumerator<string> GetEnumerator()
    {
        var random = new Random(seed);
        while (true) yield return random.Next(3) == 0 ? Edge(random) : Mixture(random);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The reply as JSON, every UTF-16 unit escaped: lone surrogates survive that.</summary>
    public static string ToJson(string reply) => "\"" + string.Concat(reply.Select(unit => $"\\u{(int)unit:x4}")) + "\"";

    private static string Edge(Random random) =>
        string.Format(CultureInfo.InvariantCulture, random.GetItems(Edges, 1)[0], AnyCharacter(random),
            Letters[random.Next(Letters.Length)]);

    private static string Mixture(Random random)
    {
        var reply = new StringBuilder();
        for (var left = random.Next(1, 14); left > 0; left--)
            reply.Append(random.Next(3) == 0 ? Letters[random.Next(Letters.Length)].ToString() : random.GetItems(Fragments, 1)[0]);
        return reply.ToString();
    }

    // Below U+0800 nothing was assigned after Unicode 14, so that every Python agrees; above, letters may depend on its version.
    private static string AnyCharacter(Random random) =>
        random.Next(2) == 0 ? random.GetItems(Fragments, 1)[0] : ((char)random.Next(0x800)).ToString();
}
