using System.Globalization;
using LiveClin.Core.Cases;
using LiveClin.Core.Exchange;
using LiveClin.Core.Formats;

namespace LiveClin.Evaluator.Imports;

/// <summary>Finds out what was uploaded, a core folder or v1 files, and reads it.</summary>
internal static class UploadedResults
{
    /// <summary>Reads everything that was sent.</summary>
    /// <param name="upload">What was sent.</param>
    /// <param name="named">The release that was named, if any.</param>
    /// <param name="known">All releases that the results may have been made on.</param>
    /// <param name="imageRoot">Where images of a release that is made of the results would be looked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UploadException">Something cannot be read.</exception>
    public static IReadOnlyList<ImportedResults> Read(Upload upload, Release? named, IEnumerable<Release> known, string imageRoot,
        CancellationToken cancellationToken)
    {
        try
        {
            var files = CoreFolder.CaseFiles(upload.Folder);
            if (files.Count == 0)
                throw new UploadException($"{upload.Name} holds nothing but the statistics of results; the case files are missing.");
            var v1 = files.ToLookup(V1ResultsFile.IsOne);
            if (v1[true].Any() && v1[false].Any())
                throw new UploadException(
                    $"{Path.GetFileName(v1[true].First())} is a v1 results file and {Path.GetFileName(v1[false].First())} is not. Send v1 files and core folders one after the other.");
            foreach (var file in v1[false]) upload.RequireShort(file);
            List<ImportedResults> all = v1[true].Any()
                ? [.. files.Select(file => V1Import.Read(file, known))] : [CoreImport.Read(upload.Folder, known, cancellationToken)];
            foreach (var results in all) ResultImporter.RequireFit(upload.Name, results, named);
            if (all.All(results => results.Models.IsEmpty)) throw new UploadException($"{upload.Name}: no model has answers in it.");
            all = all.ConvertAll(results => Settle(results, upload, imageRoot));
            if (upload.LeftOut > 0) all[0] = all[0] with { Warnings = [.. all[0].Warnings, LeftOut(upload)] };
            return all;
        }
        catch (ResultFileException error)
        {
            throw new UploadException(WithoutFolder(error.Message, upload), error);
        }
    }

    private static string LeftOut(Upload upload) => upload.LeftOut == 1
        ? $"{upload.Name}: 1 file that is no JSON file was left out."
        : string.Create(CultureInfo.InvariantCulture, $"{upload.Name}: {upload.LeftOut} files that are no JSON files were left out.");

    // The folder of the upload goes; what is kept must not point there.
    private static ImportedResults Settle(ImportedResults results, Upload upload, string imageRoot) => results with
    {
        Warnings = [.. results.Warnings.Select(warning => WithoutFolder(warning, upload))],
        Release = results.IsKnownRelease
            ? results.Release
            : results.Release with
            {
                Name = results.Release.Name == Path.GetFileName(upload.Folder)
                    ? Path.GetFileNameWithoutExtension(upload.Name) : results.Release.Name,
                JsonlPath = "uploaded: " + upload.Name,
                ImageRoot = imageRoot,
            },
    };

    private static string WithoutFolder(string message, Upload upload) =>
        message.Replace(upload.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
            .Replace(upload.Folder, upload.Name, StringComparison.Ordinal);
}
