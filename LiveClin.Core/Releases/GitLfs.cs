namespace LiveClin.Core.Releases;

/// <summary>Pointer files that a clone without Git LFS leaves in the place of data.</summary>
internal static class GitLfs
{
    public const string Advice = "is only a Git LFS pointer; fetch the data with `git lfs pull` or `dataset download`";

    /// <summary>Pointers are smaller than this many bytes.</summary>
    public const int MaxPointerBytes = 1024;

    public static bool IsPointer(ReadOnlySpan<byte> beginning) => beginning.StartsWith("version https://git-lfs.github.com/spec/"u8);
}
