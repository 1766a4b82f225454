using System.Text;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;

namespace LiveClin.Core.Cases;

/// <summary>Reads cases back from a store, under the names that they have there.</summary>
public static class StoredCaseReader
{
    /// <summary>The case of a stored line.</summary>
    /// <exception cref="StoreException">The line is no case: the store was changed by hand.</exception>
    public static Case Read(StoredCase stored)
    {
        var problems = new ProblemList($"stored case {stored.FileName}");
        var read = new CaseParser(problems).Parse(Encoding.UTF8.GetBytes(stored.Json), stored.Line, stored.Ordinal);
        return read is null
            ? throw new StoreException(StoreProblem.Damaged, Explain(problems))
            // Names depend on the whole release (collisions are numbered), so those given at first stay.
            : read with { Id = stored.Id, FileName = stored.FileName };
    }

    private static string Explain(ProblemList problems)
    {
        try
        {
            problems.ThrowIfAny();
            return "unreadable";
        }
        catch (ReleaseException error)
        {
            return error.Message;
        }
    }
}
