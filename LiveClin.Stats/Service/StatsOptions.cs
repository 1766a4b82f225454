using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace LiveClin.Stats.Service;

/// <summary>The service's settings, in section <c>LiveClin</c>.</summary>
internal sealed class StatsOptions
{
    public const string Section = "LiveClin";

    /// <summary>Address of the evaluator's gRPC endpoint; found by service discovery unless it is a host and port.</summary>
    [Required]
    public Uri Evaluator { get; set; } = new("http://_grpc.evaluator");

    /// <summary>How long the evaluator may be silent within a call.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan EvaluatorPatience { get; set; } = TimeSpan.FromMinutes(2);
}

[OptionsValidator]
internal sealed partial class StatsOptionsValidator : IValidateOptions<StatsOptions>;
