namespace LiveClin.Core.Simulated;

/// <summary>What a model is: only models take part in rankings.</summary>
public enum ModelKind
{
    /// <summary>A model under examination.</summary>
    Model = 0,

    /// <summary>A built-in baseline, which knows no medicine: a floor.</summary>
    Floor = 1,

    /// <summary>A simulated examinee, whose true ability is known.</summary>
    Simulated = 2,
}

/// <summary>Tells kinds of models apart.</summary>
public static class ModelKinds
{
    /// <summary>The kind of a model, by its name on the wire.</summary>
    public static ModelKind Of(string apiId)
    {
        ArgumentNullException.ThrowIfNull(apiId);
        if (apiId.StartsWith(Floors.Floor.Prefix, StringComparison.Ordinal)) return ModelKind.Floor;
        return apiId.StartsWith(Examinee.Prefix, StringComparison.Ordinal) ? ModelKind.Simulated : ModelKind.Model;
    }
}
