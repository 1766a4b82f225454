using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using LiveClin.Evaluator.Baselines;

namespace LiveClin.Evaluator.Tests.Baselines;

public sealed class ImageElisionTests
{
    [Theory]
    [InlineData("""{"url":"data:image/png;base64,AA+/==","a":1}""", """{"url":"data:image/","a":1}""")]
    [InlineData("""["data:image/png;base64,A\/\u002BA","x"]""", """["data:image/","x"]""")]
    [InlineData("""["data:image","data:text/plain,x","http://data:image/"]""", """["data:image","data:text/plain,x","http://data:image/"]""")]
    [InlineData("""{"a\"data:image/":"\\","b":"\"data:image/x"}""", """{"a\"data:image/":"\\","b":"\"data:image/x"}""")]
    [InlineData("""["data:image/gif\"",2,"data:image/""", """["data:image/",2,"data:image/""")]
    [InlineData("""{"t":"ö data:image/ 漢"}""", """{"t":"ö data:image/ 漢"}""")]
    public void Leaves_out_what_data_uris_hold_wherever_the_bytes_are_cut(string json, string expected)
    {
        for (var size = 1; size <= Encoding.UTF8.GetByteCount(json); size++) Assert.Equal(expected, Elide(json, size, withDigest: false));
    }

    [Fact]
    public void The_hash_of_the_bytes_stands_for_them_wherever_they_are_cut_and_however_they_are_escaped()
    {
        var image = Enumerable.Range(0, 1000).Select(i => (byte)(i * 37)).ToArray();
        var base64 = Convert.ToBase64String(image);
        Assert.True(base64.Contains('+', StringComparison.Ordinal) && base64.Contains('/', StringComparison.Ordinal));
        var escaped = base64.Replace("+", "\\u002B", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal);
        var expected = $"[\"data:image/sha256:{Convert.ToHexStringLower(SHA256.HashData(image))}\",\"x\"]";
        foreach (var size in (int[])[1, 2, 3, 5, 7, 64, 100_000])
        {
            Assert.Equal(expected, Elide($"[\"data:image/png;base64,{base64}\",\"x\"]", size, withDigest: true));
            Assert.Equal(expected, Elide($"[\"data:image/png;base64,{escaped}\",\"x\"]", size, withDigest: true));
        }
    }

    [Theory]
    [InlineData("""["data:image/png;base64,AA+/=="]""")] // no base64 after all
    [InlineData("""["data:image/png;base64,A\u20acAA"]""")]
    [InlineData("""["data:image/gif\""]""")]
    public void What_is_no_image_has_no_hash(string json)
    {
        for (var size = 1; size <= json.Length; size++) Assert.Equal("""["data:image/"]""", Elide(json, size, withDigest: true));
    }

    [Fact]
    public void Large_images_are_hashed_block_by_block()
    {
        var image = new byte[300_001];
        new Random(7).NextBytes(image);
        Assert.Equal(
            $"[\"data:image/sha256:{Convert.ToHexStringLower(SHA256.HashData(image))}\"]",
            Elide($"[\"data:image/png;base64,{Convert.ToBase64String(image)}\"]", 4099, withDigest: true));
    }

    [Fact]
    public void Counts_only_what_is_kept()
    {
        var image = Encoding.UTF8.GetBytes($"\"data:image/png;base64,{new string('A', 10_000)}\"");
        Assert.True(new ImageElision(new ArrayBufferWriter<byte>(), 100, withDigest: true).Append(image));
        Assert.False(new ImageElision(new ArrayBufferWriter<byte>(), 100, withDigest: false).Append(new byte[200]));
    }

    private static string Elide(string json, int size, bool withDigest)
    {
        var output = new ArrayBufferWriter<byte>();
        var elision = new ImageElision(output, int.MaxValue, withDigest);
        foreach (var piece in Encoding.UTF8.GetBytes(json).Chunk(size)) Assert.True(elision.Append(piece));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
