"""Counts what `dotnet test` left in a folder of .trx files.

results.py FOLDER FAILURES: prints "passed failed skipped"; writes the tests that failed to the file FAILURES, one a line:
its assembly, its class and method, how many of its cases failed, with tabs between them.
"""
import collections
import glob
import sys
import xml.etree.ElementTree as tree

NAMESPACE = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"


def main(folder, failures):
    passed = failed = skipped = 0
    broken = collections.Counter()
    for path in glob.glob(folder + "/**/*.trx", recursive=True):
        run = tree.parse(path)
        counters = next(run.iter(NAMESPACE + "Counters")).attrib
        total, executed, good = (int(counters[name]) for name in ("total", "executed", "passed"))
        passed += good
        failed += executed - good
        skipped += total - executed
        methods = {test.get("id"): test.find(NAMESPACE + "TestMethod") for test in run.iter(NAMESPACE + "UnitTest")}
        for result in run.iter(NAMESPACE + "UnitTestResult"):
            if result.get("outcome") == "Failed":
                method = methods[result.get("testId")]
                name = method.get("name").split("(")[0]
                name = name.removeprefix(method.get("className") + ".")
                broken[method.get("codeBase"), f"{method.get('className')}.{name}"] += 1
    with open(failures, "w", encoding="utf-8") as file:
        file.writelines(f"{assembly}\t{method}\t{count}\n" for (assembly, method), count in sorted(broken.items()))
    print(passed, failed, skipped)


main(*sys.argv[1:])
