#!/usr/bin/env python3
"""Adds up the JUnit files of one run of script/test and prints the plain line `N passed, N failed`.

    tally.py FOLDER     FOLDER/unit/*.xml of GoogleTest, FOLDER/ctest.xml, other FOLDER/*.xml

A test program that dies writes no file: then ctest's own entry counts as the one failure it is.
Exits 1 when a test failed, or when there is none at all.
"""
import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def count(path):
    """(passed, failed, skipped) of one JUnit file; a case fails by <failure> or <error>."""
    passed = failed = skipped = 0
    for case in ET.parse(path).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None or case.get("status") == "fail":
            failed += 1
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def main(folder):
    unit = {f.stem.removesuffix("_test"): count(f) for f in (folder / "unit").glob("*.xml")}
    totals = [count(f) for f in folder.glob("*.xml") if f.name != "ctest.xml"] + list(unit.values())
    for case in ET.parse(folder / "ctest.xml").iter("testcase"):
        good = case.get("status") == "run"
        if case.get("name") not in unit:
            totals.append((1, 0, 0) if good else (0, 1, 0))
        elif not good and not unit[case.get("name")][1]:
            totals.append((0, 1, 0))  # every test passed, then the program died
    passed, failed, skipped = map(sum, zip(*totals)) if totals else (0, 0, 0)
    print("%d passed, %d failed" % (passed, failed) + (", %d skipped" % skipped if skipped else ""))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
