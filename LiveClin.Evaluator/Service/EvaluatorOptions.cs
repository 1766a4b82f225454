using System.ComponentModel.DataAnnotations;
using LiveClin.Evaluator.CommandLine;
using Microsoft.Extensions.Options;

namespace LiveClin.Evaluator.Service;

/// <summary>The service's settings, in section <c>LiveClin</c>.</summary>
internal sealed class EvaluatorOptions
{
    public const string Section = "LiveClin";

    /// <summary>The result store's file; relative to the current folder.</summary>
    [Required]
    public string Store { get; set; } = CommonOptions.DefaultStore;

    /// <summary>Folder in which releases are looked for; null for <c>data</c> here or above.</summary>
    public string? DataDirectory { get; set; }
}

[OptionsValidator]
internal sealed partial class EvaluatorOptionsValidator : IValidateOptions<EvaluatorOptions>;
