using System.Buffers.Binary;
using System.IO.Compression;
using LiveClin.Core.Releases;

namespace LiveClin.Core.Tests.Releases;

/// <summary>What an archive's end says about its entries is not believed, in the ordinary form and in the large one.</summary>
public sealed class ZipDirectoryTests
{
    private const int EndLength = 22;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Entries_are_counted_by_walking(bool isLarge)
    {
        using var archive = new MemoryStream(isLarge ? Large(Zip(7), lies: false) : Zip(7));

        Assert.True(ZipDirectory.HasMoreThan(archive, 6));
        Assert.False(ZipDirectory.HasMoreThan(archive, 7));
        using var library = new ZipArchive(archive);
        Assert.Equal(7, library.Entries.Count);
    }

    [Fact]
    public void An_end_that_says_less_than_there_is_deceives_nobody()
    {
        using var archive = new MemoryStream(Large(Zip(7), lies: true));
        Assert.True(ZipDirectory.HasMoreThan(archive, 6));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(21)]
    public void Without_an_end_it_is_no_archive(int length) =>
        Assert.Throws<InvalidDataException>(() => ZipDirectory.HasMoreThan(new MemoryStream(new byte[length]), 1));

    [Theory]
    [InlineData(48)] // where the directory begins
    [InlineData(56 + 8)] // where the large record is
    public void A_place_beyond_all_numbers_is_none(int field)
    {
        var large = Large(Zip(7), lies: false);
        BinaryPrimitives.WriteInt64LittleEndian(large.AsSpan(large.AsSpan().LastIndexOf("PK\u0006\u0006"u8) + field), long.MaxValue);
        using var archive = new MemoryStream(large);

        if (field == 48) Assert.False(ZipDirectory.HasMoreThan(archive, 0));
        else Assert.Throws<InvalidDataException>(() => ZipDirectory.HasMoreThan(archive, 0));
    }

    private static byte[] Zip(int entries)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            for (var i = 0; i < entries; i++) zip.CreateEntry($"{i}.json");
        return stream.ToArray();
    }

    // The large form: a record with 64-bit fields, and a locator that says where it is.
    private static byte[] Large(byte[] zip, bool lies)
    {
        var end = zip.AsSpan(zip.Length - EndLength).ToArray();
        var (count, size, start) = (BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(10)),
            BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(12)), BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16)));
        var record = new byte[56];
        BinaryPrimitives.WriteUInt32LittleEndian(record, 0x06064b50);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(4), 44);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(24), lies ? 1 : count);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(32), lies ? 1 : count);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(40), size);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(48), start);
        var locator = new byte[20];
        BinaryPrimitives.WriteUInt32LittleEndian(locator, 0x07064b50);
        BinaryPrimitives.WriteInt64LittleEndian(locator.AsSpan(8), zip.Length - EndLength);
        BinaryPrimitives.WriteUInt32LittleEndian(locator.AsSpan(16), 1);
        // The ordinary end claims an empty directory elsewhere.
        end.AsSpan(8, 12).Fill(0xFF);
        return [.. zip.AsSpan(0, zip.Length - EndLength), .. record, .. locator, .. end];
    }
}
