namespace LiveClin.Testing;

/// <summary>A folder of its own that goes when the test ends.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>Its full path.</summary>
    public string FullName { get; } = Directory.CreateTempSubdirectory("liveclin-").FullName;

    /// <summary>Full path of something in it.</summary>
    public string this[string name] => System.IO.Path.Combine(FullName, name);

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
