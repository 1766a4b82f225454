using System.Diagnostics;
using Xunit;

namespace LiveClin.Testing;

/// <summary>Programs that others compute with: the tests let them read what is written here.</summary>
public static class RequiredReader
{
    private static readonly Lazy<string?> Pandas =
        new(() => ((string[])["python3", "/usr/bin/python3"]).FirstOrDefault(python => Ends(python, "-c", "import pandas")));

    private static readonly Lazy<string?> R = new(() => Ends("Rscript", "-e", "quit()") ? "Rscript" : null);

    /// <summary>
    /// Runs a Python script that needs pandas and returns its lines. Without pandas the test fails in CI and is skipped elsewhere.
    /// </summary>
    public static Task<string[]> PandasAsync(string script, params string[] arguments) =>
        RunAsync(Pandas.Value, "pandas (Debian: python3-pandas)", script, arguments);

    /// <summary>Runs an R script and returns its lines. Without R the test fails in CI and is skipped elsewhere.</summary>
    public static Task<string[]> RAsync(string script, params string[] arguments) =>
        RunAsync(R.Value, "R (Debian: r-base-core)", script, arguments);

    private static async Task<string[]> RunAsync(string? program, string name, string script, string[] arguments)
    {
        if (program is null)
        {
            var message = $"{name} is not there; this test lets it read what is written here.";
            Assert.SkipUnless(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), message);
            Assert.Fail(message);
        }

        using var process = RequiredProgram.Start(Command(program!, [script, .. arguments]));
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {script} ended with {process.ExitCode}: {await errors}");
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static bool Ends(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(Command(program, arguments))!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static ProcessStartInfo Command(string program, string[] arguments) =>
        new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
}
