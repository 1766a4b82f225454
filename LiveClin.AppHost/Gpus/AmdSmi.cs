using System.Globalization;
using System.Text.Json;

namespace LiveClin.AppHost.Gpus;

/// <summary>Reads amd-smi's JSON, in its newer shape (<c>gpu_data</c>) and its older one (a bare list).</summary>
internal static class AmdSmi
{
    public const string Program = "amd-smi";

    public static readonly string[] DeviceQuery = ["metric", "--mem-usage", "--usage", "--temperature", "--json"];

    /// <summary>The devices, or null when the output is not understood.</summary>
    // Sample:
    // {"gpu_data":[{"gpu":0,"mem_usage":{"total_vram":{"value":196592,"unit":"MB"},"used_vram":{"value":283,"unit":"MB"}},"usage":{"gfx_activity":{"value":0,"unit":"%"}}}]}
    public static IReadOnlyList<GpuDevice>? Devices(string output)
    {
        try
        {
            // Warnings may stand before the JSON.
            var start = output.AsSpan().IndexOfAny('{', '[');
            if (start < 0) return null;
            using var document = JsonDocument.Parse(output[start..]);
            var root = document.RootElement;
            var list = root.ValueKind == JsonValueKind.Array ? root : root.TryGetProperty("gpu_data", out var data) ? data : default;
            if (list.ValueKind != JsonValueKind.Array) return null;
            return [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object && e.TryGetProperty("gpu", out _))
                .Select(Device)];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static GpuDevice Device(JsonElement gpu)
    {
        var index = gpu.GetProperty("gpu").ToString();
        return new GpuDevice(index, index, "AMD GPU", Value(gpu, "mem_usage", "total_vram"), Value(gpu, "mem_usage", "used_vram"),
            (int?)Value(gpu, "usage", "gfx_activity"), null,
            (int?)(Value(gpu, "temperature", "hotspot") ?? Value(gpu, "temperature", "edge")));
    }

    // A value is {"value":1,"unit":"MB"}, or "N/A".
    private static long? Value(JsonElement gpu, string group, string name)
    {
        if (!gpu.TryGetProperty(group, out var values) || values.ValueKind != JsonValueKind.Object
            || !values.TryGetProperty(name, out var cell)) return null;
        if (cell.ValueKind == JsonValueKind.Object && !cell.TryGetProperty("value", out cell)) return null;
        return double.TryParse(cell.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (long)number : null;
    }
}
