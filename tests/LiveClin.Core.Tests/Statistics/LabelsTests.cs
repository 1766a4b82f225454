using LiveClin.Core.Statistics;

namespace LiveClin.Core.Tests.Statistics;

public class LabelsTests
{
    // Python 3: re.compile(…, re.IGNORECASE).search(text) on Unicode text.
    [Theory]
    [InlineData("ınıtıal", "Presentation & Assessment")] // dotless i folds to i
    [InlineData("ASSESSMENT", "Presentation & Assessment")]
    [InlineData("ſepſiſ", "Complication Management")] // long s folds to s
    [InlineData("wor\u212Aup", "Diagnosis & Interpretation")] // Kelvin sign folds to k
    [InlineData("clinical\u0085\u001C eval", "Presentation & Assessment")] // white space in Python
    [InlineData("clinical\u200Beval", "Other")] // zero-width space is none
    [InlineData("test²", "Other")] // ² is a word character in Python
    [InlineData("test\u0301", "Diagnosis & Interpretation")] // a combining mark is none
    [InlineData("tests", "Other")]
    [InlineData("blood😀gas", "Diagnosis & Interpretation")] // the dot takes a whole code point
    [InlineData("blood\ngas", "Other")] // but no line feed
    [InlineData("", "Other")]
    public void Stages_follow_pythons_classes(string stage, string expected) => Assert.Equal(expected, Labels.Stage(stage));

    [Theory]
    [InlineData("CT_1", "")]
    [InlineData("PET/CT", "CT, PET & SPECT")]
    [InlineData("Cytology", "")]
    [InlineData("x-ray²", "")]
    public void Image_modalities_are_whole_words(string type, string expected) =>
        Assert.Equal(expected, string.Join(", ", Labels.ImageModalities(type)));

    [Theory]
    [InlineData("Genomics", "Genomics")]
    [InlineData("Epigenetics", "")]
    [InlineData("Acid-Base", "Lab Results")]
    [InlineData("Immunology", "")]
    public void Table_modalities_are_whole_words_except_for_genomics(string type, string expected) =>
        Assert.Equal(expected, string.Join(", ", Labels.TableModalities(type)));
}
