using LiveClin.Core.Formats;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Formats;

public sealed class GoldenFolderTests
{
    [Theory]
    [InlineData(GoldenSet.OwnDemo, 16)]
    [PublishedDemoData(10)]
    public void A_recorded_file_comes_back_byte_for_byte_when_its_models_answers_are_put_in_again(GoldenSet set, int files)
    {
        using var folder = new TemporaryFolder();
        var recorded = CoreFolder.CaseFiles(set.Recording("evaluated"));
        Assert.Equal(files, recorded.Count);
        foreach (var path in recorded)
        {
            var copy = folder[Path.GetFileName(path)];
            File.Copy(path, copy);
            var read = CoreFolder.ReadCase(copy);
            foreach (var model in read.Questions[0].Entries.Select(e => e.ModelId))
                CoreFolder.Merge(folder.FullName, read.FileName, "{}",
                    [.. read.Questions.Select(q => q.Entries.Single(e => e.ModelId == model))]);
            Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(copy));
        }
    }
}
