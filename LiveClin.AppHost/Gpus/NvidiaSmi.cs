using System.Globalization;

namespace LiveClin.AppHost.Gpus;

/// <summary>Reads nvidia-smi's CSV.</summary>
internal static class NvidiaSmi
{
    public const string Program = "nvidia-smi";

    public static readonly string[] DeviceQuery =
        ["--query-gpu=index,uuid,name,memory.total,memory.used,utilization.gpu,driver_version,compute_mode,temperature.gpu",
        "--format=csv,noheader,nounits"];

    public static readonly string[] ProcessQuery = ["--query-compute-apps=gpu_uuid,pid,used_memory", "--format=csv,noheader,nounits"];

    private static readonly string[] Unknown = ["[N/A]", "N/A", "[Not Supported]"];

    private const int FieldsBeforeName = 2;
    private const int FieldsAfterName = 6;

    /// <summary>The rows that are devices, and the lines that are not: warnings, and devices that the driver has lost.</summary>
    // Sample: 0, GPU-1f4a…, NVIDIA H100 80GB HBM3, 81559, 4, 0, 550.54.15, Default, 31   (names may contain commas, cells may be [N/A])
    public static (IReadOnlyList<GpuDevice> Devices, IReadOnlyList<string> Warnings) Devices(string output)
    {
        var rows = Lines(output).ToLookup(line => Row(line) is not null);
        return ([.. rows[true].Select(line => Row(line)!)], [.. rows[false]]);
    }

    private static GpuDevice? Row(string line)
    {
        var cells = line.Split(',', StringSplitOptions.TrimEntries);
        if (cells.Length < FieldsBeforeName + 1 + FieldsAfterName
            || !int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)) return null;
        var after = cells[^FieldsAfterName..];
        var name = string.Join(", ", cells[FieldsBeforeName..^FieldsAfterName]);
        // [N/A] is memory that is shared with the machine's; anything else that is no number is an error, and an error is not free memory.
        // Nor is a device without any.
        var error = after[..2].FirstOrDefault(cell => Number(cell) is null && !Unknown.Contains(cell, StringComparer.OrdinalIgnoreCase))
            ?? (Number(after[0]) == 0 ? after[0] : null);
        return new GpuDevice(
            cells[1].Length > 0 ? cells[1] : cells[0], cells[0], name, Number(after[0]), Number(after[1]), (int?)Number(after[2]),
            Known(after[3]), (int?)Number(after[5]))
        {
            // An administrator has closed it to all programs.
            Problem = error is not null ? $"its memory reads '{error}'"
                : after[4].Equals("Prohibited", StringComparison.OrdinalIgnoreCase) ? "its compute mode is 'Prohibited'" : null,
        };
    }

    // Sample: GPU-1f4a…, 4711, 78000
    public static IReadOnlyList<GpuProcess> Processes(string output) =>
        [.. Lines(output).Select(l => l.Split(',', StringSplitOptions.TrimEntries)).Where(c => c.Length == 3 && Number(c[1]) is not null)
            .Select(c => new GpuProcess(c[0], c[1], Number(c[2])))];

    private static IEnumerable<string> Lines(string output) =>
        output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static long? Number(string cell) =>
        long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Known(string cell) => cell.StartsWith('[') ? null : cell;
}
