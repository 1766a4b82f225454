using LiveClin.Core.Formats;

namespace LiveClin.Core.Tests.Formats;

// Expected values are what python3 prints: repr(x), f"{x:.2f}", f"{x:.2%}", round(x, 4), sorted([...]).
public class PythonFormatTests
{
    [Theory]
    [InlineData(0.0, "0.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(1.0, "1.0")]
    [InlineData(0.39999999999999997, "0.39999999999999997")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1.5e-7, "1.5e-07")]
    [InlineData(123456789012345.6, "123456789012345.6")]
    [InlineData(1e15, "1000000000000000.0")]
    [InlineData(1e16, "1e+16")]
    [InlineData(9.999999999999999e22, "1e+23")]
    [InlineData(-2.5e-300, "-2.5e-300")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157e+308")]
    [InlineData(100.0, "100.0")]
    [InlineData(1020.5, "1020.5")]
    public void Repr_is_pythons(double value, string expected) => Assert.Equal(expected, PythonFormat.Repr(value));

    [Theory]
    [InlineData(0.125, 2, "0.12")]
    [InlineData(0.375, 2, "0.38")]
    [InlineData(2.675, 2, "2.67")]
    [InlineData(2.5, 0, "2")]
    [InlineData(3.5, 0, "4")]
    [InlineData(0.00125, 4, "0.0013")]
    [InlineData(99.995, 2, "100.00")]
    [InlineData(-0.001, 2, "-0.00")]
    [InlineData(1e22, 1, "10000000000000000000000.0")]
    [InlineData(double.NaN, 2, "nan")]
    public void Fixed_rounds_half_to_even_on_the_binary_value(double value, int decimals, string expected) =>
        Assert.Equal(expected, PythonFormat.Fixed(value, decimals));

    [Theory]
    [InlineData(0.5652173913043478, "56.52%")]
    [InlineData(0.00125, "0.12%")]
    [InlineData(1, "100.00%")]
    public void Percent_multiplies_first(double value, string expected) => Assert.Equal(expected, PythonFormat.Percent(value, 2));

    [Theory]
    [InlineData(1 / 800.0, 0.0013)]
    [InlineData(26 / 46.0, 0.5652)]
    [InlineData(0.00005, 0.0001)]
    [InlineData(0.12345, 0.1235)]
    public void Round_is_pythons(double value, double expected) => Assert.Equal(expected, PythonFormat.Round(value, 4));

    [Fact]
    public void Text_counts_in_code_points()
    {
        Assert.Equal("😀中 |", PythonFormat.PadRight("😀中", 3) + "|");
        Assert.Equal("😀中", PythonFormat.Take("😀中x", 2));
        Assert.Equal(2, PythonFormat.Length("\ud800x"));
    }

    [Fact]
    public void Order_is_by_code_point()
    {
        string[] names = ["😀", "\uffee", "PMC10.json", "PMC1.json", "a", "B"];
        Array.Sort(names, PythonFormat.Compare);
        Assert.Equal(["B", "PMC1.json", "PMC10.json", "a", "\uffee", "😀"], names);
    }
}
