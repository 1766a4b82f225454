using System.CommandLine;

namespace LiveClin.ServiceDefaults.Commands;

/// <summary>What a value of an option must fulfil beyond its type.</summary>
public static class OptionChecks
{
    /// <summary>Adds a rule: the words that say what is wrong with a value, or null for a good one.</summary>
    public static void Check<T>(this Option<T> option, Func<T?, string?> whatIsWrong)
    {
        ArgumentNullException.ThrowIfNull(option);
        ArgumentNullException.ThrowIfNull(whatIsWrong);
        option.Validators.Add(result =>
        {
            T? value;
            try
            {
                value = result.GetValueOrDefault<T>();
            }
            catch (InvalidOperationException)
            {
                // Not of the option's type. Rules run before the parser says so; reading the value here would end the program.
                return;
            }

            if (whatIsWrong(value) is { } error) result.AddError(error);
        });
    }
}
