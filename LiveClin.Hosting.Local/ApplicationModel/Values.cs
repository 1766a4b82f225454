namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something with a value at run time.</summary>
public interface IValueProvider
{
    /// <summary>The value.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);

    /// <summary>The value as a certain resource sees it.</summary>
    ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken = default) => GetValueAsync(cancellationToken);
}

/// <summary>Something that a manifest refers to by an expression.</summary>
public interface IManifestExpressionProvider
{
    /// <summary>The expression, for example <c>{evaluator.bindings.http.url}</c>.</summary>
    string ValueExpression { get; }
}

/// <summary>A value with an expression.</summary>
public interface IExpressionValue : IValueProvider, IManifestExpressionProvider;

/// <summary>Something that mentions other resources.</summary>
public interface IValueWithReferences
{
    /// <summary>What it mentions.</summary>
    IEnumerable<object> References { get; }
}

/// <summary>Who asks for a value.</summary>
public class ValueProviderContext
{
    /// <summary>Run or publish.</summary>
    public DistributedApplicationExecutionContext? ExecutionContext { get; init; }

    /// <summary>The resource that will get the value.</summary>
    public IResource? Caller { get; init; }
}
