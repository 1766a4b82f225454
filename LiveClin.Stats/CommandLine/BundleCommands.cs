using System.CommandLine;
using System.Globalization;
using LiveClin.Core.Results;
using LiveClin.Core.Text;
using LiveClin.ServiceDefaults.Commands;
using LiveClin.Stats.Bundles;

namespace LiveClin.Stats.CommandLine;

/// <summary><c>bundle</c> and <c>verify-bundle</c>: runs as one file that proves itself.</summary>
internal static class BundleCommands
{
    public static Command CreateBundle()
    {
        var store = StoreOption.Needed();
        var run = new Option<string[]>("--run")
        {
            Description = "The runs, all on one release: identifiers, or unambiguous beginnings of them.",
            HelpName = "ID",
            Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var output = new Option<string>("--output") { Description = "The bundle to write.", HelpName = "FILE.zip", Required = true };
        var command = new Command(
            "bundle",
            "Writes runs into one file: what was asked, every prompt, image hash, reply and reasoning, what is known of the environment and what is not, statistics, report and check sums. " +
            "It holds the cases' texts: share it as you may share the release.") { store, run, output };
        command.SetCheckedAction(async (parsed, cancellationToken) =>
        {
            await using var source = ResultStore.OpenReadOnly(parsed.GetValue(store)!);
            var path = Path.GetFullPath(parsed.GetValue(output)!);
            var files = await BundleMaker.MakeAsync(source, parsed.GetValue(run)!, path, cancellationToken);
            var size = new FileInfo(path).Length.ToString("#,0", CultureInfo.InvariantCulture);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                $"{path}: {files.Count()} files, {size} bytes. 'verify-bundle {Path.GetFileName(path)}' checks it, 'view {Path.GetFileName(path)}' shows it.");
            // The rest is written: what is damaged is said, and must not pass for what a model said.
            var damaged = StoreDamage.Find(source, BundleMaker.RunsOf(source, parsed.GetValue(run)!)).ToList();
            foreach (var damage in damaged)
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"damaged: {Plain(damage.ToString())}");
            return damaged.Count == 0 ? ExitCodes.Success : ExitCodes.SomeFailed;
        });
        return command;
    }

    public static Command CreateVerify()
    {
        var file = new Argument<string>("FILE.zip") { Description = "The bundle; nothing of it is unpacked to disk under its own names." };
        var command = new Command("verify-bundle",
            "Checks every byte of a bundle, and computes every number again from the answers. Exit code 1 when something differs; says what.") { file };
        command.SetCheckedAction(async (parsed, cancellationToken) =>
        {
            var path = Path.GetFullPath(parsed.GetValue(file)!);
            var problems = await BundleVerifier.FindProblemsAsync(path, cancellationToken);
            foreach (var problem in problems) await parsed.InvocationConfiguration.Error.WriteLineAsync($"differs: {Plain(problem)}");
            if (problems.Count > 0) return ExitCodes.SomeFailed;
            await parsed.InvocationConfiguration.Output.WriteLineAsync($"{path}: every byte and every number is as it was written.");
            return ExitCodes.Success;
        });
        return command;
    }

    private static string Plain(string text) => ShownText.Line(text);
}
