using System.ComponentModel;
using System.Diagnostics;
using Xunit;

namespace LiveClin.Testing;

/// <summary>Programs that tests run and that a developer's machine may lack.</summary>
public static class RequiredProgram
{
    /// <summary>Starts a program. Absent: the test fails in CI and is skipped elsewhere.</summary>
    public static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            var message = $"{start.FileName} could not be started: {exception.Message}. Install it and put it on PATH; this test runs the real one.";
            Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), message);
            throw new InvalidOperationException(message, exception);
        }
    }
}
