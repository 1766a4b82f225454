namespace LiveClin.Core.Formats;

/// <summary>A results file cannot be read; the message names the file, the place in it and what is wrong.</summary>
public sealed class ResultFileException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="file">The file, as the user knows it.</param>
    /// <param name="where">Place in it: a line, or a path such as <c>mcqs[2].evaluate[0]</c>; empty for the whole file.</param>
    /// <param name="what">What is wrong, in words.</param>
    /// <param name="inner">Cause.</param>
    public ResultFileException(string file, string where, string what, Exception? inner = null)
        : base(where.Length == 0 ? $"{file}: {what}" : $"{file}, {where}: {what}", inner)
    {
        File = file;
        Where = where;
        What = what;
    }

    /// <summary>The file.</summary>
    public string File { get; }

    /// <summary>Place in the file; empty for the whole.</summary>
    public string Where { get; }

    /// <summary>What is wrong.</summary>
    public string What { get; }
}
