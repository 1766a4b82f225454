using System.Security.Cryptography;
using System.Text;
using LiveClin.Core.Results;

namespace LiveClin.Core.Bundles;

/// <summary>
/// The ways in which a release's JSONL file can be put together from its lines: with or without a byte order mark, with which line end,
/// and with or without one at the end. Blank lines follow from the lines' numbers.
/// </summary>
public static class JsonlForm
{
    private static readonly (string Name, string Mark, string End, bool Closed)[] Forms =
        [.. from mark in (string[])["", "bom-"] from end in (string[])["lf", "crlf"] from closed in (bool[])[true, false]
            select ($"{mark}{end}{(closed ? "" : "-open")}", mark.Length > 0 ? "\uFEFF" : "", end == "lf" ? "\n" : "\r\n", closed)];

    /// <summary>The form in which these lines have this hash; null when there is none.</summary>
    public static string? Find(IReadOnlyList<StoredCase> cases, string sha256) =>
        Forms.FirstOrDefault(form => HashOf(cases, form.Mark, form.End, form.Closed) == sha256).Name;

    /// <summary>SHA-256 of the file that these lines make in a form; null for an unknown form.</summary>
    public static string? HashOf(IReadOnlyList<StoredCase> cases, string form) =>
        Forms.FirstOrDefault(known => known.Name == form) is { Name: not null } found
            ? HashOf(cases, found.Mark, found.End, found.Closed) : null;

    private static string HashOf(IReadOnlyList<StoredCase> cases, string mark, string end, bool closed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(mark);
        var line = 1;
        foreach (var clinicalCase in cases)
        {
            // Numbers come from files: one that runs backwards, or far away, is no line of a release.
            if (clinicalCase.Line < line || clinicalCase.Line - line > cases.Count) return "";
            for (; line < clinicalCase.Line; line++) Append(end);
            Append(clinicalCase.Json);
        }

        if (closed) Append(end);
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text) => hash.AppendData(Encoding.UTF8.GetBytes(text));
    }
}
