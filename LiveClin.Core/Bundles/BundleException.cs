namespace LiveClin.Core.Bundles;

/// <summary>A bundle cannot be read; the message says where and what is wrong.</summary>
public sealed class BundleException : Exception
{
    /// <summary>Creates the exception.</summary>
    public BundleException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}

/// <summary>A file of a bundle.</summary>
/// <param name="Name">Its name, with <c>/</c> between folders.</param>
/// <param name="Data">Its bytes.</param>
public sealed record BundleEntry(string Name, ReadOnlyMemory<byte> Data);
