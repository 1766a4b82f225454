using LiveClin.DemoFigures;
using LiveClin.DemoFigures.Drawing;
using LiveClin.DemoFigures.Figures;

// Rewrites data/demo from data/generator: one JSON line per case file, one PNG per figure.
var generator = Folders.FindGenerator();
var demo = Path.Combine(generator, "..", "demo");
var images = Directory.CreateDirectory(Path.Combine(demo, "images")).FullName;

Typefaces.Register();
foreach (var (file, draw) in Gallery.Figures)
    File.WriteAllBytes(Path.Combine(images, file), draw());
foreach (var stale in Directory.EnumerateFiles(images).Where(path => !Gallery.Figures.ContainsKey(Path.GetFileName(path))))
    File.Delete(stale);

var cases = CaseFiles.WriteJsonLines(Path.Combine(generator, "cases"), Path.Combine(demo, "demo.jsonl"));
Console.WriteLine($"{cases} cases and {Gallery.Figures.Count} figures written to {Path.GetFullPath(demo)}");
