using System.Text;
using System.Text.Json;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;

namespace LiveClin.Core.Cases;

/// <summary>Reads cases back from a store, under the names that they have there.</summary>
public static class StoredCaseReader
{
    /// <summary>The case of a stored line; of a case that was imported without its texts, what is known of it.</summary>
    /// <exception cref="StoreException">The line is no case: the store was changed by hand.</exception>
    public static Case Read(StoredCase stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var parser = new CaseParser(new ProblemList(stored.FileName));
        var read = parser.Parse(Encoding.UTF8.GetBytes(stored.Json), stored.Line, stored.Ordinal) ?? ReadPart(stored);
        // Names depend on the whole release (collisions are numbered), so those given at first stay.
        return read is null
            ? throw new StoreException(StoreProblem.Damaged,
                $"The stored case {stored.FileName} is not a case. The store was changed by another program, or its disk is failing.")
            : read with { Id = stored.Id, FileName = stored.FileName };
    }

    private static Case? ReadPart(StoredCase stored)
    {
        try
        {
            return PartialCaseReader.Read(stored);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
