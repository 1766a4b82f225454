using System.Diagnostics;
using System.Globalization;

namespace LiveClin.Benchmarks.Evaluate;

/// <summary>What a whole process took.</summary>
/// <param name="Seconds">Wall time from start to exit.</param>
/// <param name="CpuSeconds">User and system time.</param>
/// <param name="PeakMegabytes">Peak resident set (Linux's VmHWM), in MiB.</param>
internal sealed record Measurement(double Seconds, double CpuSeconds, double PeakMegabytes);

/// <summary>Runs a program to its end and measures it from outside (Linux: /proc).</summary>
internal static class ProcessMeter
{
    public static async Task<Measurement> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var (cpu, peak) = (0.0, 0.0);
        var exit = process.WaitForExitAsync();
        while (!exit.IsCompleted)
        {
            (cpu, peak) = Sample(process.Id) ?? (cpu, peak);
            await Task.WhenAny(exit, Task.Delay(10));
        }

        var seconds = clock.Elapsed.TotalSeconds;
        if (process.ExitCode != 0)
            throw new InvalidOperationException(
                $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await errors}");
        return new Measurement(seconds, cpu, peak);
    }

    private static (double Cpu, double Peak)? Sample(int id)
    {
        try
        {
            var peak = File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            var fields = File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1].Split(' ');
            var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
            return (ticks / 100.0, long.Parse(peak, CultureInfo.InvariantCulture) / 1024.0);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null; // it has just ended
        }
    }
}
