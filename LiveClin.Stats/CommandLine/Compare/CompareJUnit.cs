using System.Globalization;
using System.Text;
using System.Xml;
using LiveClin.Core.Formats;
using LiveClin.Core.Text;
using LiveClin.Stats.Comparison;

namespace LiveClin.Stats.CommandLine.Compare;

/// <summary>
/// The verdict as a JUnit file with one test case: a failure when the candidate is worse, skipped when nothing can be concluded, an error
/// when nothing could be compared.
/// </summary>
internal static class CompareJUnit
{
    /// <exception cref="IOException">The file cannot be written; an existing one is untouched.</exception>
    public static void Write(string path, CompareOutcome outcome) => AtomicFile.Write(path, stream =>
    {
        var element = ElementOf(outcome);
        // No byte order mark: several readers of such files stumble over it.
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true };
        using var xml = XmlWriter.Create(stream, settings);
        xml.WriteStartElement("testsuites");
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Clean($"liveclin compare: {outcome.Release}"));
        xml.WriteAttributeString("tests", "1");
        foreach (var (attribute, name) in new[] { ("failures", "failure"), ("errors", "error"), ("skipped", "skipped") })
            xml.WriteAttributeString(attribute, (element == name ? 1 : 0).ToString(CultureInfo.InvariantCulture));
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", "liveclin.compare");
        xml.WriteAttributeString("name", Clean($"{outcome.Candidate.Model} is not worse than {outcome.Baseline.Model}"));
        if (element is not null)
        {
            xml.WriteStartElement(element);
            xml.WriteAttributeString("message", Clean($"{outcome.Verdict}: {outcome.Result.Reason}"));
            xml.WriteString(Clean(outcome.Pair.Conclusion));
            xml.WriteEndElement();
        }

        using var text = new StringWriter(CultureInfo.InvariantCulture);
        CompareText.Write(text, outcome);
        xml.WriteElementString("system-out", Clean(text.ToString()));
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    private static string? ElementOf(CompareOutcome outcome) => outcome switch
    {
        { Pair.IsEmpty: true } => "error",
        { Result.Verdict: Verdict.Worse } => "failure",
        { Result.Verdict: Verdict.Inconclusive } => "skipped",
        _ => null,
    };

    // Names come from outside.
    private static string Clean(string text) => ShownText.Lines(text);
}
