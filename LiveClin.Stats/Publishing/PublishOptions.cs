namespace LiveClin.Stats.Publishing;

/// <summary>What a run does not know of itself and collections of evaluations ask for.</summary>
internal sealed record PublishOptions
{
    /// <summary>The model, <c>developer/name</c>; null for its name on the wire.</summary>
    public string? ModelId { get; init; }

    /// <summary>Who publishes.</summary>
    public required string Organization { get; init; }

    /// <summary>
    /// Relation of who publishes to who made the model: <c>first_party</c>, <c>third_party</c>, <c>collaborative</c>, <c>other</c>.
    /// </summary>
    public required string Relationship { get; init; }

    /// <summary><c>open_weights</c>, <c>closed_weights</c> or <c>unknown</c>.</summary>
    public required string Availability { get; init; }

    /// <summary><c>self_deployed</c>, <c>externally_managed</c> or <c>unknown</c>.</summary>
    public required string Deployment { get; init; }

    /// <summary>The data set on Hugging Face; null when the release is not there.</summary>
    public string? DatasetId { get; init; }

    /// <summary>The data set's task.</summary>
    public required string TaskId { get; init; }

    /// <summary>Where the traces lie; null when they are not public.</summary>
    public Uri? Source { get; init; }

    /// <summary>The model of a run.</summary>
    public ModelIdentity ModelOf(PublishedRun published) => ModelIdentity.Of(ModelId ?? published.Run.Specification.ApiId);
}
