using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A text with holes that are filled when it is needed.</summary>
public class ReferenceExpression : IExpressionValue, IValueWithReferences
{
    private readonly string?[] _stringFormats;
    private readonly IValueProvider[] _valueProviders;
    private readonly string[] _manifestExpressions;

    /// <summary>The empty text.</summary>
    public static readonly ReferenceExpression Empty = Create($"");

    private ReferenceExpression(string format, IValueProvider[] valueProviders, string[] manifestExpressions, string?[] stringFormats)
    {
        Format = format;
        _valueProviders = valueProviders;
        _manifestExpressions = manifestExpressions;
        _stringFormats = stringFormats;
    }

    /// <summary>The text with <c>{0}</c>, <c>{1}</c>, … where values go.</summary>
    public string Format { get; }

    /// <summary>The holes as manifest expressions.</summary>
    public IReadOnlyList<string> ManifestExpressions => _manifestExpressions;

    /// <summary>What fills the holes.</summary>
    public IReadOnlyList<IValueProvider> ValueProviders => _valueProviders;

    /// <summary>The whole as a manifest expression.</summary>
    public string ValueExpression => string.Format(CultureInfo.InvariantCulture, Format, _manifestExpressions);

    IEnumerable<object> IValueWithReferences.References => _valueProviders;

    /// <summary>Creates an expression from an interpolated string.</summary>
    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    /// <summary>The text with its holes filled; null when a value is missing and nothing else is there.</summary>
    public async ValueTask<string?> GetValueAsync(ValueProviderContext context, CancellationToken cancellationToken)
    {
        if (Format.Length == 0) return null;
        var values = new object?[_valueProviders.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await _valueProviders[i].GetValueAsync(context, cancellationToken).ConfigureAwait(false);
            values[i] = value is not null && _stringFormats[i] is "uri" ? Uri.EscapeDataString(value) : value;
        }

        return string.Format(CultureInfo.InvariantCulture, Format, values);
    }

    /// <inheritdoc cref="GetValueAsync(ValueProviderContext, CancellationToken)" />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken) => GetValueAsync(new ValueProviderContext(), cancellationToken);

    /// <summary>Collects the parts of an interpolated string.</summary>
    [InterpolatedStringHandler]
    public ref struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        private readonly StringBuilder _format = new(literalLength + 4 * formattedCount);
        private readonly List<IValueProvider> _valueProviders = new(formattedCount);
        private readonly List<string> _manifestExpressions = new(formattedCount);
        private readonly List<string?> _stringFormats = new(formattedCount);

        /// <summary>Adds text.</summary>
        public readonly void AppendLiteral(string value) => _format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

        /// <summary>Adds text that is known now.</summary>
        public readonly void AppendFormatted(string? value) => AppendLiteral(value ?? "");

        /// <summary>Adds a value that is known later.</summary>
        public readonly void AppendFormatted<T>(T valueProvider) where T : IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider, null);

        /// <summary>Adds a value that is known later; the format <c>uri</c> escapes it.</summary>
        public readonly void AppendFormatted<T>(T valueProvider, string? format = null) where T : IValueProvider, IManifestExpressionProvider
        {
            _format.Append('{').Append(_valueProviders.Count).Append('}');
            _valueProviders.Add(valueProvider);
            _manifestExpressions.Add(valueProvider.ValueExpression);
            _stringFormats.Add(format);
        }

        /// <summary>Adds a resource's value.</summary>
        public readonly void AppendFormatted<T>(IResourceBuilder<T> valueProvider) where T : IResource, IValueProvider, IManifestExpressionProvider => AppendFormatted(valueProvider.Resource, null);

        internal readonly ReferenceExpression Build() => new(_format.ToString(), [.. _valueProviders], [.. _manifestExpressions], [.. _stringFormats]);
    }
}
