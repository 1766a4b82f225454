using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace LiveClin.Core.Statistics;

/// <summary>
/// Stage, image and table classes as the published tool assigns them: ordered keyword rules, kept with their known weaknesses.
/// </summary>
public static class Labels
{
    /// <summary>The class of a stage that no rule matches.</summary>
    public const string OtherStage = "Other";

    private static readonly LabelRules StageRules = new(KeywordPattern.Anywhere,
        ("Presentation & Assessment",
            "initial present assess admission triage history complaint arrival emergency referral intake clinical+eval physical+exam vital"),
        ("Diagnosis & Interpretation", """
            diagnos workup imaging patholog histopath interpret laboratory biopsy evaluation test. molecular immuno cytolog radiol endoscop analys analyz differential
            investig genetic confirmatory staging grading classif acid?base blood?gas echocardiog electrocardio angiogra bronchoscop colonoscop
            """),
        ("Therapeutic Strategy", """
            therap treatment management+plan intervention surgical operat resection prescri regimen chemotherapy radiation procedur decision pharmacol dosing medication
            induction initiat reconstruct transplant transfus ventilat anesthetic sedation reperfu revascul definitive+management acute+management medical+management conservative
            """),
        ("Complication Management", """
            complicat deteriorat adverse relapse crisis decompens recurren failure toxic reject refractory resistant exacerbat hemorrhag infect sepsis graft?versus side?effect
            acute+kidney acute+renal acute+liver acute+hepat acute+respiratory acute+neuro
            """),
        ("Follow-up", "follow monitor surveil outcome prognos long?term recovery rehabilit discharge month year week counsel screen maintenance recurrence+monitor"));

    // Words of one keyword are joined by an underscore; each keyword stands as whole words, literally (Cytolog does not match Cytology).
    private static readonly LabelRules ImageRules = new(KeywordPattern.Words,
        ("X-ray", "X-ray Radiography"),
        ("CT", "CT Computed_Tomography"),
        ("MRI", "MRI Magnetic_Resonance"),
        ("Ultrasound", "Ultrasound Echocardiogram Doppler"),
        ("Clinical Photo", "Clinical_Photograph Dermoscopy Fundus_Photograph Retinography Colposcopy Cystoscopy"),
        ("Endoscopy", "Endoscopy Colonoscopy Bronchoscopy Laparoscopy Hysteroscopy"),
        ("Angiography", "Angiography Angiogram Fluoroscopy"),
        ("PET & SPECT", "PET SPECT Nuclear_Medicine Bone_Scan Scintigraphy"),
        ("Pathology", "Histopathology Gross_Pathology Cytolog"),
        ("Biosignals", "ECG EEG Electrocardiog Electroencephalog Physiological_Signal Electrocochleogram Electroretinogram"),
        ("Diagram & Plot", "Diagram Illustration Statistical_Plot Flowchart"));

    private static readonly LabelRules TableRules = new(KeywordPattern.Words,
        ("Lab Results", "Laboratory Lab Blood Serum Biomarker Renal_Function Liver_Function Tumor_Marker Vital_Sign Acid?Base Organ_Measurement Immun"),
        ("Medications", "Medication Drug Dos Treatment_Regimen Pharmaco Nutrition Treatment_Plan Chemotherapy"),
        ("Demographics", "Demograph Baseline Patient Age Growth"),
        ("Monitoring", "Monitor Longitudinal Follow Survival Outcome Response Pre?Post Clinical_Course Recovery Progression"),
        ("Literature", "Literature Case_Series Review Comparison Guideline"),
        ("Genomics", "Genom* Genetic* Mutation* Primer* Sequenc* Molecular*"),
        ("Pathology & IHC", "Pathology Immunohistochem Histolog IHC"),
        ("Procedures", "Procedur Surgical Operati Transplant Intervention Engraftment Dosimetric"),
        ("Staging Sys", "Staging Classification Scoring Grading Risk Prognost Severity Tumor TNM"));

    /// <summary>The stage classes in the published order, <see cref="OtherStage"/> last.</summary>
    public static ImmutableArray<string> Stages { get; } = [.. StageRules.Names, OtherStage];

    /// <summary>The class of a stage name: the first whose rule matches.</summary>
    public static string Stage(string? stage) =>
        string.IsNullOrEmpty(stage) ? OtherStage : StageRules.Match(stage).FirstOrDefault(OtherStage);

    /// <summary>Every image modality that a figure's type text names, in the published order.</summary>
    public static ImmutableArray<string> ImageModalities(string type) => ImageRules.Match(type);

    /// <summary>Every table modality that a table's type text names, in the published order.</summary>
    public static ImmutableArray<string> TableModalities(string type) => TableRules.Match(type);

    private sealed class LabelRules
    {
        private const int CacheLimit = 10_000;
        private readonly (string Name, KeywordPattern[] Keywords)[] _rules;
        private readonly ConcurrentDictionary<string, ImmutableArray<string>> _known = new(StringComparer.Ordinal);

        public LabelRules(Func<string, KeywordPattern> pattern, params (string Name, string Keywords)[] rules) =>
            _rules = [.. rules.Select(rule =>
                (rule.Name, rule.Keywords.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(k => pattern(k.Replace('_', ' '))).ToArray()))];

        public IEnumerable<string> Names => _rules.Select(rule => rule.Name);

        // A release repeats a few hundred texts thousands of times; the bound is against hostile files.
        public ImmutableArray<string> Match(string text)
        {
            if (_known.TryGetValue(text, out var known)) return known;
            var folded = KeywordPattern.Fold(text);
            ImmutableArray<string> matched =
                [.. _rules.Where(rule => Array.Exists(rule.Keywords, k => k.Matches(folded))).Select(rule => rule.Name)];
            if (_known.Count < CacheLimit) _known[text] = matched;
            return matched;
        }
    }
}
