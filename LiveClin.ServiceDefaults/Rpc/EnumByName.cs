using System.Collections.Frozen;

namespace LiveClin.ServiceDefaults.Rpc;

/// <summary>
/// Values of a contract's enum and of the core's, matched by their names: their numbers have nothing to do with each other.
/// </summary>
/// <typeparam name="TTo">The wanted enum.</typeparam>
public static class EnumByName<TTo> where TTo : struct, Enum
{
    /// <summary>The value of the same name; null when the wanted enum has none (another version's value, or "not said").</summary>
    public static TTo? Find<TFrom>(TFrom value) where TFrom : struct, Enum =>
        Names<TFrom>.Values.TryGetValue(value, out var found) ? found : null;

    /// <summary>The value of the same name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The wanted enum has none.</exception>
    public static TTo Of<TFrom>(TFrom value) where TFrom : struct, Enum =>
        Find(value) ?? throw new ArgumentOutOfRangeException(nameof(value), value, $"{typeof(TTo).Name} has no value of this name.");

    private static class Names<TFrom> where TFrom : struct, Enum
    {
        public static readonly FrozenDictionary<TFrom, TTo> Values = Enum.GetValues<TFrom>()
            .Where(value => Enum.GetNames<TTo>().Contains(value.ToString()))
            .ToFrozenDictionary(value => value, value => Enum.Parse<TTo>(value.ToString()));
    }
}
