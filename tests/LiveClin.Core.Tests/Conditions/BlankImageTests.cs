using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using LiveClin.Core.Conditions;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Conditions;

/// <summary>Grey pictures, read back by other means than they were written; and the sizes of files.</summary>
public sealed class BlankImageTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(3, 1)]
    [InlineData(4, 5)]
    [InlineData(11, 2)]
    [InlineData(12, 2)]
    [InlineData(66, 2)]
    [InlineData(257, 2)]
    [InlineData(259, 1)]
    [InlineData(260, 1)]
    [InlineData(261, 3)]
    [InlineData(262, 3)]
    [InlineData(1021, 700)]
    public void Every_pixel_is_128_and_the_size_is_kept(int width, int height)
    {
        var png = BlankImage.Encode(width, height);
        Assert.Equal(new PixelSize(width, height), PixelSize.Read(png));
        Assert.Equal([8, 0, 0, 0, 0], png[24..29]); // 8-bit grey
        var idat = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33));
        // The library checks the stream's Adler sum.
        using var pixels = new ZLibStream(new MemoryStream(png, 41, idat), CompressionMode.Decompress);
        var raw = new MemoryStream();
        pixels.CopyTo(raw);
        byte[] row = [0, .. Enumerable.Repeat((byte)128, width)];
        Assert.Equal(Enumerable.Repeat(row, height).SelectMany(bytes => bytes), raw.ToArray());
        Assert.Equal("IEND"u8, png.AsSpan(png.Length - 8, 4));
    }

    [Fact]
    public void Every_run_of_deflate_comes_back()
    {
        for (var width = 1; width <= 300; width++)
        {
            var png = BlankImage.Encode(width, 1);
            using var pixels = new ZLibStream(new MemoryStream(png, 41, BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(33))),
                CompressionMode.Decompress);
            var raw = new byte[width + 2];
            Assert.Equal(width + 1, pixels.ReadAtLeast(raw, raw.Length, throwOnEndOfStream: false));
        }
    }

    [Fact]
    public void The_same_size_gives_the_same_bytes_on_every_machine() => Assert.Equal(
        "2cd34ffdc6e52cce364c4594ccb6eff64b93b45dd70141223ca5839132442038",
        Convert.ToHexStringLower(SHA256.HashData(BlankImage.Encode(640, 480))));

    public static TheoryData<string, string, int, int> Headers => new()
    {
        { "gif", "474946383961" + "0A000B00", 10, 11 },
        { "bmp", "424D" + new string('0', 32) + "0A000000" + "F5FFFFFF", 10, 11 },
        { "jpeg", "FFD8FFE000045858" + "FFC0001108" + "000B000A" + "03", 10, 11 },
        { "tiff little", "49492A00" + "08000000" + "0200" + "00010300010000000A000000" + "01010400010000000B000000", 10, 11 },
        { "tiff big", "4D4D002A" + "00000008" + "0002" + "0100000300000001000A0000" + "01010004000000010000000B", 10, 11 },
        { "webp lossy", "524946460000000057454250" + "56503820" + "00000000" + "0000009D012A" + "0A000B00", 10, 11 },
        { "webp lossless", "524946460000000057454250" + "5650384C" + "00000000" + "2F" + "09800200", 10, 11 },
        { "webp extended", "524946460000000057454250" + "56503858" + "0A000000" + "00000000" + "090000" + "0A0000" + "00", 10, 11 },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public void The_sizes_of_common_files_are_read(string kind, string header, int width, int height)
    {
        var file = Convert.FromHexString(header);
        Assert.True(new PixelSize(width, height) == PixelSize.Read(file), kind);
        // cut off anywhere: no exception
        for (var length = 0; length < file.Length - 4; length++) _ = PixelSize.Read(file.AsSpan(0, length));
    }

    [Fact]
    public void What_is_no_picture_or_too_large_to_be_one_has_no_size()
    {
        Assert.Null(PixelSize.Read("not a picture"u8));
        Assert.Null(PixelSize.Read([]));
        var png = BlankImage.Encode(1, 1);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), int.MaxValue);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), int.MaxValue);
        Assert.Null(PixelSize.Read(png));
    }

    [Fact]
    public void Every_image_of_the_demo_has_a_size() => Assert.All(
        Directory.EnumerateFiles(Path.Combine(SharedData.RepositoryRoot, "data", "demo", "images")),
        file => Assert.NotNull(PixelSize.Read(File.ReadAllBytes(file))));
}
