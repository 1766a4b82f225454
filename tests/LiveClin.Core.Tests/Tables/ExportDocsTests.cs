using System.Text.RegularExpressions;
using LiveClin.Core.Exchange;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Tables;

/// <summary><c>docs/exports.md</c> names every column, in order, and none that is not there.</summary>
public sealed partial class ExportDocsTests
{
    [Fact]
    public void Every_column_is_explained()
    {
        Assert.Equal(AnswerColumns.All.Select(column => column.Name), Named("answers"));
        Assert.Equal(RunColumns.All.Select(column => column.Name), Named("runs"));
        Assert.Equal(CaseColumns.All.Select(column => column.Name), Named("cases"));
    }

    private static IEnumerable<string> Named(string table)
    {
        var text = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "exports.md"));
        var section = text[text.IndexOf($"\n## {table}\n", StringComparison.Ordinal)..].Split("\n## ")[1];
        return Rows().Matches(section).SelectMany(row => row.Groups[1].Value.Split(", "));
    }

    // | pmc, pmid | text | … → pmc, pmid
    [GeneratedRegex(@"^\| ([a-z0-9_, ]+?) \| (?!type)", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
