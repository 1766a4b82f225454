using LiveClin.Core.Formats;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Formats;

public sealed class V1ResultsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("{\"meta\": {\"model\": \"m\"}, \"cases\": [{\"mcqs\": [{\"mcq_index\": 0", "line 1: it is not valid JSON")]
    [InlineData("PK\u0003\u0004 zip", "it is a zip archive; unpack it")]
    [InlineData("""{"meta": {"model": "m"}}""", "cases: it is missing")]
    [InlineData("""{"cases": []}""", "meta: it is missing")]
    [InlineData("""{"meta": {}, "cases": []}""", "meta.model")]
    [InlineData("""{"meta": {"model": "m"}, "cases": [{"mcqs": [{"mcq_index": "x"}]}]}""", "cases[0].mcqs[0].mcq_index: a whole number was expected")]
    public void A_broken_file_says_where(string content, string message) => Assert.Contains(
        message, Assert.Throws<ResultFileException>(() => V1ResultsFile.Read(Put("broken.json", content))).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Rarity_keeps_its_type()
    {
        foreach (var rarity in new[] { "1", "\"1\"", "\"rare\"", "null" })
        {
            var path = Put("r.json", $$"""{"meta":{"model":"m"},"cases":[{"case_id":"1","rarity":{{rarity}},"mcqs":[]}]}""");
            V1ResultsFile.Write(path, V1ResultsFile.Read(path));
            Assert.Contains($"\"rarity\": {rarity}", File.ReadAllText(path), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Qwen/Qwen2.5 VL", "2025_H1", "Qwen_Qwen2.5_VL_2025_H1.json")]
    [InlineData("../../etc/x", "d", ".._.._etc_x_d.json")]
    public void File_names_are_the_published_ones(string model, string dataset, string expected) =>
        Assert.Equal(expected, V1ResultsFile.FileName(model, dataset));

    public void Dispose() => _folder.Dispose();

    private string Put(string name, string? content = null)
    {
        if (content is not null) File.WriteAllText(_folder[name], content);
        return _folder[name];
    }
}
