using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using LiveClin.Core.Formats;
using LiveClin.Core.Statistics;
using LiveClin.ServiceDefaults.Commands;

namespace LiveClin.Stats.CommandLine;

/// <summary><c>analyze --folder</c>: writes and prints what the published core tool does.</summary>
internal static class FolderAnalysis
{
    public static int Run(string folder, string[] ignored, bool copy, string? outputFolder, InvocationConfiguration console,
        CancellationToken cancellationToken)
    {
        if (CoreFolder.CaseFiles(folder).Count == 0)
        {
            console.Error.WriteLine(
                $"error: {folder} holds no case files (*.json). A core folder comes from the published tools, or from evaluate --export-folder.");
            return ExitCodes.Invalid;
        }

        var statistics = CoreAnalyzer.AnalyzeFolder(folder, ignored, cancellationToken);
        foreach (var problem in statistics.Problems)
            console.Error.WriteLine(problem.Broken ? $"left out: {problem.Message}" : $"left out: {problem.FileName}: {problem.Message}");
        if (statistics.Problems.Length > 0) console.Error.WriteLine($"Files with data errors: {statistics.Problems.Length}");
        if (statistics.TotalFiles == 0) console.Error.WriteLine($"{folder}: none of the case files counts, so that all numbers are zero.");

        var target = outputFolder ?? folder;
        var report = CoreReport.Render(statistics);
        AtomicFile.Write(Path.Combine(target, CoreFolder.StatisticsFile),
            stream => CoreStatisticsJson.Write(stream, statistics, DateTimeOffset.Now));
        AtomicFile.Write(Path.Combine(target, CoreFolder.ReportFile), stream => stream.Write(Encoding.UTF8.GetBytes(report)));
        if (copy)
        {
            Copy(folder, Path.Combine(target, "hard"), statistics.Hardest);
            Copy(folder, Path.Combine(target, "easy"), statistics.Easiest);
        }

        console.Output.WriteLine(report);
        return statistics.TotalFiles == 0 || statistics.Problems.Any(p => p.Broken) ? ExitCodes.SomeFailed : ExitCodes.Success;
    }

    private static void Copy(string folder, string target, ImmutableArray<CaseScore> cases)
    {
        Directory.CreateDirectory(target);
        foreach (var @case in cases) File.Copy(Path.Combine(folder, @case.FileName), Path.Combine(target, @case.FileName), overwrite: true);
    }
}
