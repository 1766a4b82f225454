using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LiveClin.Core.Text;

namespace LiveClin.Core.Results;

/// <summary>
/// Who writes to a store, in <c>&lt;store&gt;.writer</c> for those who find it locked. The lock itself is on the store's file; this one
/// may be left over by a crash, and says nothing then.
/// </summary>
/// <param name="Host">Name of the machine.</param>
/// <param name="ProcessId">The process on it.</param>
/// <param name="Program">Name of its program.</param>
/// <param name="Since">When it opened the store.</param>
public sealed record StoreHolder(string Host, int ProcessId, string Program, DateTimeOffset Since)
{
    private const int LargestFile = 4096;

    /// <summary>True for this process.</summary>
    internal bool IsMe => Host == Environment.MachineName && ProcessId == Environment.ProcessId;

    /// <summary>True when it runs on this machine: a process of its number that began before it took the store.</summary>
    internal bool IsRunningHere()
    {
        if (Host != Environment.MachineName) return false;
        try
        {
            using var process = Process.GetProcessById(ProcessId);
            return process.StartTime.ToUniversalTime() <= Since.UtcDateTime + ClockStep;
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    // Starts are told in ticks since the machine's own, which is known to a second or so.
    private static readonly TimeSpan ClockStep = TimeSpan.FromSeconds(2);

    internal static string FileOf(string store) => store + ".writer";

    /// <summary>This process.</summary>
    internal static StoreHolder Me() =>
        new(Environment.MachineName, Environment.ProcessId, AppDomain.CurrentDomain.FriendlyName, DateTimeOffset.UtcNow);

    /// <summary>Says that this process writes to the store, which it has locked.</summary>
    internal static void Announce(string store)
    {
        // Only a courtesy to others: a full disk is reported where it matters.
        Ignore(() =>
        {
            File.WriteAllText(FileOf(store), JsonSerializer.Serialize(Me(), StoreHolderJson.Default.StoreHolder));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(FileOf(store), File.GetUnixFileMode(store));
        });
    }

    internal static void Leave(string store) => Ignore(() => File.Delete(FileOf(store)));

    /// <summary>Who has locked a store; null when nobody has said so.</summary>
    internal static StoreHolder? Find(string store)
    {
        StoreHolder? found = null;
        Ignore(() =>
        {
            var file = new FileInfo(FileOf(store));
            if (file.Exists && file.Length <= LargestFile)
                found = JsonSerializer.Deserialize(File.ReadAllText(file.FullName), StoreHolderJson.Default.StoreHolder);
        });
        return found;
    }

    /// <summary>In words: <c>LiveClin.Evaluator, process 123 on node7, since 2026-01-02 03:04:05Z</c>.</summary>
    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Plain(Program)}, process {ProcessId} on {Plain(Host)}, since {Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z");

    /// <summary>The machine's name as it may be shown.</summary>
    public string HostName => Plain(Host);

    private static string Plain(string? text) => ShownText.Line(text);

    private static void Ignore(Action action)
    {
        try { action(); }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException) { }
    }
}
