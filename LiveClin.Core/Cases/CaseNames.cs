using System.Globalization;
using System.Text;
using LiveClin.Core.Releases;
using LiveClin.Core.Text;

namespace LiveClin.Core.Cases;

/// <summary>The identifier of a case and its file name in a core folder.</summary>
internal readonly record struct CaseName(string Id, string FileName);

/// <summary>Names the cases of a release as the published tools do, in file order.</summary>
internal sealed class CaseNames
{
    private const int MaxIdLength = 200; // Unicode code points, before prefix and suffix

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);

    /// <summary>
    /// The names of the next case. The same identifier twice is an error: such cases could not be told apart in results.
    /// Different identifiers whose file names collide get <c>_2</c>, <c>_3</c>, … as in the core tool.
    /// </summary>
    public CaseName Name(CaseIds ids, int line, ProblemList problems)
    {
        var lineName = string.Create(CultureInfo.InvariantCulture, $"LINE_{line - 1:D9}");
        var id = ids.Pmc ?? (ids.Pmid is { } pmid ? $"PMID_{pmid}" : ids.Doi is { } doi ? PythonText.Strip(doi) : lineName);
        if (!_ids.TryAdd(id, line)) problems.Error(line, null, $"has the identifier '{id}' of line {_ids[id]}; every case needs its own");
        if (id == lineName) problems.Warn(line, null, $"has neither pmc, pmid nor doi; it is called {lineName}");
        return new CaseName(id, FileName(ids, lineName));
    }

    private string FileName(CaseIds ids, string lineName)
    {
        var stem = lineName;
        if (ids is { Pmc: { } pmc, PmcIsText: true })
        {
            stem = Safe(pmc);
            if (!stem.StartsWith("PMC", StringComparison.OrdinalIgnoreCase)) stem = "PMC" + stem;
        }
        else if (ids is { Pmid: { } pmid, PmidIsWhole: true }) stem = "PMID" + Safe(pmid);
        else if (ids.Doi is { } doi) stem = "DOI_" + Safe(doi);

        var name = stem + ".json";
        for (var n = 2; !_files.Add(name); n++) name = $"{stem}_{n}.json";
        return name;
    }

    /// <summary>Python's <c>re.sub(r"[^\w.\-]+", "_", text.strip())[:200]</c>.</summary>
    internal static string Safe(string text)
    {
        var safe = new StringBuilder();
        var length = 0;
        var replaced = false;
        foreach (var rune in PythonText.Strip(text).EnumerateRunes())
        {
            var keep = IsWord(rune) || rune.Value is '.' or '-';
            if (!keep && replaced) continue;
            if (length++ == MaxIdLength) break;
            safe.Append(keep ? rune.ToString() : "_");
            replaced = !keep;
        }

        return safe.ToString();
    }

    // Python's \w: letters and numbers of any kind and the underscore; no marks, no other connectors.
    private static bool IsWord(Rune rune) => rune.Value == '_' || Rune.IsLetter(rune)
        || Rune.GetUnicodeCategory(
            rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
