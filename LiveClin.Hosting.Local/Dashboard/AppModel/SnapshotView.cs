using System.Collections;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using LiveClin.Hosting.Local.Dashboard.Resources;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LiveClin.Hosting.Local.Dashboard.AppModel;

/// <summary>Turns a published snapshot into what the pages show; secrets end here.</summary>
internal static class SnapshotView
{
    public static ResourceView Of(ResourceEvent update)
    {
        var s = update.Snapshot;
        return new ResourceView
        {
            Id = update.ResourceId,
            Name = update.Resource.Name,
            Type = s.ResourceType,
            State = s.State?.Text,
            Tone = StateTone(s),
            Health = s.HealthReports.Length == 0 || s.HealthStatus is null ? null : s.HealthStatus.ToString(),
            HealthTone = HealthTone(s.HealthStatus),
            HealthReports = [.. s.HealthReports.Select(h => new HealthView(h.Name, h.Status?.ToString(), HealthTone(h.Status), h.Description, h.ExceptionText, h.LastRunAt))],
            Created = s.CreationTimeStamp,
            Started = s.StartTimeStamp,
            Stopped = s.StopTimeStamp,
            ExitCode = s.ExitCode,
            Source = s.Properties.FirstOrDefault(p => p.Name == CustomResourceKnownProperties.Source)?.Value?.ToString(),
            Urls = [.. s.Urls.Where(u => !u.IsInactive).OrderByDescending(u => u.DisplayProperties.SortOrder).Select(u => new UrlView(u.DisplayProperties.DisplayName is { Length: > 0 } shown ? shown : u.Url, u.Url, u.IsInternal))],
            Environment = [.. s.EnvironmentVariables.Where(e => e.IsFromSpec).OrderBy(e => e.Name, StringComparer.Ordinal).Select(e => Value(e.Name, e.Value, SecretNames.IsSecret(e.Name, e.Value)))],
            Properties = [.. s.Properties.Where(p => p.Name != CustomResourceKnownProperties.Source).Select(p => Property(p))],
            Commands = [.. s.Commands.Where(c => c.State != ResourceCommandState.Hidden)
                .Select(c => new CommandView(c.Name, c.DisplayName, c.DisplayDescription, c.ConfirmationMessage, c.IconName, c.State == ResourceCommandState.Enabled, c.IsHighlighted))],
            Relations = [.. s.Relationships.Select(r => new RelationView(r.ResourceName, r.Type)).Distinct()],
        };
    }

    private static Tone StateTone(CustomResourceSnapshot snapshot)
    {
        var style = snapshot.State?.Style;
        if (style == KnownResourceStateStyles.Error) return Tone.Bad;
        if (style == KnownResourceStateStyles.Warn) return Tone.Warning;
        if (style == KnownResourceStateStyles.Success) return Tone.Good;
        var state = snapshot.State?.Text;
        if (state == KnownResourceStates.Running) return Tone.Good;
        if (state == KnownResourceStates.FailedToStart) return Tone.Bad;
        if (state == KnownResourceStates.Exited) return snapshot.ExitCode is null or 0 ? Tone.Neutral : Tone.Bad;
        if (state == KnownResourceStates.Starting || state == KnownResourceStates.Stopping || state == KnownResourceStates.Waiting) return Tone.Busy;
        return style == KnownResourceStateStyles.Info ? Tone.Info : Tone.Neutral;
    }

    private static Tone HealthTone(HealthStatus? status) => status switch
    {
        HealthStatus.Healthy => Tone.Good,
        HealthStatus.Degraded => Tone.Warning,
        HealthStatus.Unhealthy => Tone.Bad,
        _ => Tone.Busy,
    };

    private static ValueView Property(ResourcePropertySnapshot property)
    {
        var text = Text(property.Value);
        return Value(property.Name, text, property.IsSensitive || SecretNames.IsSecret(property.Name, text));
    }

    private static ValueView Value(string name, string? value, bool isSecret) => new(name, isSecret ? "" : value ?? "", isSecret);

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
