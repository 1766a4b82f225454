namespace LiveClin.Testing;

/// <summary>
/// Stores of earlier versions, made by commit 702882d (schema 2), with its first migration alone (schema 1) and, with one more run of
/// two epochs on two cases, by commit 40fcec7 (schema 3); with one more under a condition, by commit 0f4d077 (schema 4);
/// with one more under a condition, by the last version of schema 6, on the first three cases of data/demo; with one more on these, with
/// endpoints and checksums, by the last version of schema 7 (e0dbfac). All are on the first three cases of the demo. Runs, oldest first:
/// the first case alone and everything, with failures, under one sampling (they share an identity now); complete at temperature 0.7; an
/// import of the first one's results; killed in its third case at temperature 0.3.
/// </summary>
public static class OldStores
{
    /// <summary>The number of questions in the release.</summary>
    public const int Questions = 16;

    /// <summary>Puts a copy of a store into a folder.</summary>
    /// <param name="schema">Its version: 1 to 4, 6, or 7.</param>
    /// <param name="folder">Where to.</param>
    /// <returns>Full path of the copy.</returns>
    public static string Copy(int schema, TemporaryFolder folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var path = folder[$"schema-{schema}.db"];
        File.Copy(Path.Combine(SharedData.RepositoryRoot, "tests", "LiveClin.Testing", "Stores", $"schema-{schema}.store"), path);
        return path;
    }
}
