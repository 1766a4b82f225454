using System.Xml;
using LiveClin.Core.Text;

namespace LiveClin.Core.Tests.Text;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData("plain · größer · 中文 · 😀", "plain · größer · 中文 · 😀")]
    [InlineData("a\nb\tc\r\nd", "a b c  d")]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u001b]0;owned\u0007title", "title")]
    [InlineData("\u001b]52;c;ZXZpbA==\u001b\\clip", "clip")]
    [InlineData("\u009b2Jgone", "gone")]
    [InlineData("\u202etxet\u202c", "\ufffdtxet\ufffd")]
    [InlineData("zero\u200bwidth\ufeff", "zero\ufffdwidth\ufffd")]
    [InlineData("\uffff\ufffe", "\ufffd\ufffd")]
    [InlineData("bell\u0007 nul\u0000", "bell\ufffd nul\ufffd")]
    [InlineData(null, "")]
    public void A_line_is_harmless(string? text, string shown) => Assert.Equal(shown, ShownText.Line(text));

    [Fact]
    public void Half_of_a_pair_is_no_character() => Assert.Equal("half \ufffd pair", ShownText.Line("half \ud83d pair"));

    [Fact]
    public void Lines_keep_their_ends_and_fit_into_XML()
    {
        var all = string.Concat(Enumerable.Range(0, 0x10000).Select(unit => (char)unit));

        var shown = ShownText.Lines("a\r\nb\tc\n" + all);

        Assert.StartsWith("a\nb\tc\n", shown, StringComparison.Ordinal);
        foreach (var rune in shown.EnumerateRunes())
            Assert.True(rune.Value > char.MaxValue || XmlConvert.IsXmlChar((char)rune.Value), $"U+{rune.Value:X4}");
        Assert.DoesNotContain('\u001b', shown);
        Assert.DoesNotContain('\u202e', shown);
    }

    [Fact]
    public async Task A_console_is_written_to_without_them()
    {
        await using var inner = new StringWriter { NewLine = "\n" };
        await using var console = ShownWriter.Over(inner);

        console.WriteLine("one\u001b[2Jtwo");
        await console.WriteLineAsync("three\u202e");
        console.Write('\u0007');
        console.Write("{0}", "\u009b2Jfour\n");

        Assert.Equal("onetwo\nthree\ufffd\n\ufffdfour\n", inner.ToString());
        Assert.Same(console, ShownWriter.Over(console));
    }
}
