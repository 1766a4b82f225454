using System.Runtime.InteropServices;

namespace LiveClin.Launcher;

/// <summary>What the system offers and .NET does not.</summary>
internal static partial class Native
{
    public const int SigTerm = 15;
    public const int SigKill = 9;
    public const int SigUsr1 = 10;
    private const int SetChildSubreaper = 36;
    private const int NoHang = 1;

    /// <summary>Sends a signal; a process that is gone already is none's loss.</summary>
    public static void Signal(int pid, int signal) => _ = Kill(pid, signal);

    /// <summary>A session of its own: no terminal's signals, and no group that others may end.</summary>
    public static void NewSession() => _ = SetSid();

    /// <summary>From now on descendants that lose their parent become this process's children, and not init's.</summary>
    public static void BecomeSubreaper() => _ = Prctl(SetChildSubreaper, 1, 0, 0, 0);

    /// <summary>Lets go of a dead child that .NET does not know.</summary>
    public static void Reap(int pid) => _ = WaitPid(pid, 0, NoHang);

    /// <summary>Ends this process at once, without waiting for anything in it.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    public static partial void ExitNow(int code);

    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int ParentId();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSid();

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint value, nuint unused3, nuint unused4, nuint unused5);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int WaitPid(int pid, nint status, int options);
}
