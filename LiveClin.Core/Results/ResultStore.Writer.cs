using System.Diagnostics;

namespace LiveClin.Core.Results;

public sealed partial class ResultStore
{
    /// <summary>Who writes to the store now; null when nobody does. Of a process on another machine only its own word is known.</summary>
    public StoreHolder? FindWriter()
    {
        if (StoreHolder.Find(Path) is not { } holder) return null;
        return holder.Host != Environment.MachineName || IsRunning(holder.ProcessId) ? holder : null;
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
