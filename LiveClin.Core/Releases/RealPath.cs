namespace LiveClin.Core.Releases;

/// <summary>A path with every symbolic link followed, in any of its folders (C's realpath; .NET follows only the last part).</summary>
public static class RealPath
{
    private const int MaxLinks = 40; // as in Linux

    /// <summary>The real path, null when something on the way does not exist, cannot be read, or links go in a circle.</summary>
    public static string? Of(string fullPath)
    {
        if (OperatingSystem.IsWindows()) return Path.Exists(fullPath) ? fullPath : null; // links need a privilege there
        try
        {
            var links = 0;
            var pending = new Stack<string>(fullPath.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
            var real = "/";
            while (pending.TryPop(out var part))
            {
                if (part == ".") continue;
                if (part == "..")
                {
                    real = Path.GetDirectoryName(real) ?? "/";
                    continue;
                }

                var next = new FileInfo(Path.Combine(real, part));
                if (next.LinkTarget is not { } target)
                {
                    real = next.FullName;
                    continue;
                }

                if (++links > MaxLinks) return null;
                if (target.StartsWith('/')) real = "/";
                foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse()) pending.Push(step);
            }

            return Path.Exists(real) ? real : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
