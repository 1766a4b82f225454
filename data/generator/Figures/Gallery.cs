namespace LiveClin.DemoFigures.Figures;

/// <summary>Every figure of the release: its file name and the PNG.</summary>
internal static class Gallery
{
    public static readonly IReadOnlyDictionary<string, Func<byte[]>> Figures = new Dictionary<string, Func<byte[]>>
    {
        ["ecg-flutter.png"] = EcgFigures.Flutter,
        ["ecg-flutter-1to1.png"] = EcgFigures.FlutterConductedOneToOne,
        ["ecg-hyperkalaemia.png"] = EcgFigures.Hyperkalaemia,
        ["growth-chart.png"] = GrowthFigures.HeightAndWeight,
        ["levothyroxine-dose.png"] = DoseFigures.Levothyroxine,
        ["paracetamol-nomogram.png"] = DoseFigures.ParacetamolNomogram,
        ["liver-course.png"] = DoseFigures.LiverCourse,
        ["glucose-after-insulin.png"] = DoseFigures.GlucoseAfterInsulin,
        ["audiogram-before.png"] = HearingFigures.SuddenLoss,
        ["audiogram-after.png"] = HearingFigures.AfterTreatment,
        ["audiogram-family.png"] = HearingFigures.HighToneLoss,
        ["flow-volume-loop.png"] = LungFigures.FlowVolumeLoop,
        ["peak-flow-record.png"] = LungFigures.PeakFlowRecord,
        ["vital-capacity.png"] = LungFigures.VitalCapacity,
        ["platelet-course.png"] = BloodFigures.PlateletCourse,
        ["electrophoresis.png"] = BloodFigures.Electrophoresis,
        ["light-chains.png"] = BloodFigures.LightChains,
        ["mas-course.png"] = BloodFigures.MacrophageActivation,
        ["repetitive-stimulation.png"] = NerveFigures.RepetitiveStimulation,
        ["chest-ct-drawing.png"] = RadiologyFigures.AnteriorMass,
        ["chest-free-air.png"] = RadiologyFigures.FreeAir,
        ["clozapine-monitoring.png"] = CourseFigures.ClozapineMonitoring,
        ["dengue-course.png"] = CourseFigures.Dengue,
        ["fever-chart.png"] = CourseFigures.QuotidianFever,
        ["bilirubin-chart.png"] = CourseFigures.Bilirubin,
        ["umbilical-doppler.png"] = ObstetricFigures.AbsentDiastolicFlow,
        ["cardiotocogram.png"] = ObstetricFigures.LateDecelerations,
        ["pedigree.png"] = PedigreeFigure.Draw,
    };
}
