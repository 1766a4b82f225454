using System.ComponentModel.DataAnnotations;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Models;
using Microsoft.Extensions.Options;

namespace LiveClin.Evaluator.Runs;

/// <summary>The evaluator's settings, in section <c>LiveClin</c>.</summary>
internal sealed class EvaluatorOptions
{
    public const string Section = "LiveClin";

    /// <summary>Where results are kept unless said otherwise, below the current folder.</summary>
    public static string DefaultStore { get; } = Path.Combine("results", "liveclin.db");

    /// <summary>The result store: a file, relative to the current folder, or a database (<see cref="StoreLocation"/>).</summary>
    [Required]
    public string Store { get; set; } = DefaultStore;

    /// <summary>Folder for what is kept beside a store in a database; relative to the current folder.</summary>
    [Required]
    public string Results { get; set; } = Path.GetDirectoryName(DefaultStore)!;

    /// <summary>The folder for what is kept beside the store.</summary>
    public string FolderOf(ResultStore store) =>
        store.IsShared ? Path.GetFullPath(Results) : Path.GetDirectoryName(store.Path)!;

    /// <summary>Longest reply of a server in bytes, after decompression; a longer one fails its question.</summary>
    [Range(ReplyLimits.Least, ReplyLimits.Most)]
    public long MaxReplyBytes { get; set; } = ReplyLimits.DefaultBytes;

    /// <summary>Folder in which releases are looked for; null for <c>data</c> here or above.</summary>
    public string? DataDirectory { get; set; }

    /// <summary>Further folders below which callers of the service may name releases and images.</summary>
    public IList<string> DataFolders { get; init; } = [];
}

[OptionsValidator]
internal sealed partial class EvaluatorOptionsValidator : IValidateOptions<EvaluatorOptions>;
