using LiveClin.Stats.Uncertainty;

namespace LiveClin.Stats.Slices;

/// <summary>By what questions are sliced.</summary>
public enum SliceDimension
{
    /// <summary>ICD-10 chapter.</summary>
    Chapter = 0,

    /// <summary>Subcategory.</summary>
    Subcategory = 1,

    /// <summary>Rarity.</summary>
    Rarity = 2,

    /// <summary>Class of the clinical stage.</summary>
    Stage = 3,

    /// <summary>Position of the question in its case.</summary>
    Position = 4,

    /// <summary>Modality of the figures; a question counts once per modality.</summary>
    ImageModality = 5,

    /// <summary>Modality of the tables; a question counts once per modality.</summary>
    TableModality = 6,

    /// <summary>Number of options offered.</summary>
    OptionCount = 7,

    /// <summary>With or without a figure.</summary>
    Figure = 8,
}

/// <summary>A model's score on a part of the questions.</summary>
/// <param name="Dimension">By what is sliced.</param>
/// <param name="Name">The part.</param>
/// <param name="Questions">Questions correct of those in the part.</param>
/// <param name="Cases">Number of cases they come from.</param>
/// <param name="Interval">Wilson interval, 95 %.</param>
public sealed record Slice(SliceDimension Dimension, string Name, Ratio Questions, int Cases, Interval Interval)
{
    /// <summary>Questions below which a part says nothing: its interval is then about ±18 points or wider.</summary>
    public const int Smallest = 30;

    /// <summary>True when the part is too small to say anything.</summary>
    public bool IsTooSmall => Questions.Total < Smallest;
}
