using System.Text;
using LiveClin.Core.Formats;

namespace LiveClin.Core.Tests.Formats;

/// <summary>Python's json module writes NaN and infinities; expected values are what <c>str(json.loads(…))</c> gives.</summary>
public sealed class PythonConstantsTests
{
    [Theory]
    [InlineData("NaN", "nan")]
    [InlineData("Infinity", "inf")]
    [InlineData("-Infinity", "-inf")]
    public void Constants_are_read_as_Python_shows_them(string constant, string shown)
    {
        using var document =
            PythonJson.Parse(Encoding.UTF8.GetBytes($$"""{"say \"NaN": "NaN, \\", "a": [{{constant}},{{constant}}], "b":{{constant}}}"""),
            "file.json");

        Assert.Equal("NaN, \\", document.RootElement.GetProperty("say \"NaN").GetString());
        Assert.Equal([shown, shown, shown],
            document.RootElement.GetProperty("a").EnumerateArray().Append(document.RootElement.GetProperty("b")).Select(PythonJson.Str));
        Assert.True(PythonJson.Truthy(document.RootElement.GetProperty("b")));
    }

    [Theory]
    [InlineData("""{"a": NaN, "b": [1, 2""", 1)]
    [InlineData("{\"a\":\nNan}", 2)]
    [InlineData("{\"a\": \"NaN\\", 1)]
    public void What_is_broken_besides_is_still_said(string json, int line)
    {
        var error = Assert.Throws<ResultFileException>(() => PythonJson.Parse(Encoding.UTF8.GetBytes(json), "file.json"));
        Assert.Contains($"line {line}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_to_be_written_back_is_refused_rather_than_changed() =>
        Assert.Throws<ResultFileException>(() => PythonJson.Parse("""{"a": NaN}"""u8.ToArray(), "file.json", allowDuplicates: false));
}
