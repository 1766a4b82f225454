using System.Diagnostics;

namespace LiveClin.Testing;

/// <summary>Starts programs that tests interrupt.</summary>
public static class Interruptible
{
    /// <summary>
    /// The program with SIGINT and SIGHUP as on a terminal. A shell starts its background jobs with SIGINT ignored, nohup with SIGHUP;
    /// every program below inherits that, and a test run in the background would wait for ever for a program that is right not to stop.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo Start(string program, IEnumerable<string> arguments) =>
        OperatingSystem.IsLinux() ? new("env", ["--default-signal=INT,HUP", program, .. arguments]) : new(program, arguments);
}
