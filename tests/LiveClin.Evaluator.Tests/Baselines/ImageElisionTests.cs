using System.Buffers;
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
        var bytes = Encoding.UTF8.GetBytes(json);
        for (var size = 1; size <= bytes.Length; size++)
        {
            var output = new ArrayBufferWriter<byte>();
            var elision = new ImageElision(output, int.MaxValue);
            foreach (var piece in bytes.Chunk(size)) Assert.True(elision.Append(piece));
            Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
        }
    }

    [Fact]
    public void Counts_only_what_is_kept()
    {
        var image = Encoding.UTF8.GetBytes($"\"data:image/png;base64,{new string('A', 10_000)}\"");
        Assert.True(new ImageElision(new ArrayBufferWriter<byte>(), 100).Append(image));
        Assert.False(new ImageElision(new ArrayBufferWriter<byte>(), 100).Append(new byte[200]));
    }
}
