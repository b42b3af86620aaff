import assert from "node:assert/strict";
import { captureProblems, isEmptyCapture } from "../../../../provider/packages/capture/judge";
import { orderedPackages } from "../../../../provider/packages/capture/capture";
import type { Capture, CapturedPackage, DetectorState } from "../../../../provider/packages/capture/types";
import { packagesOf } from "../in-short";
import { captureOf } from "./archive-builder";

const captureWith = (
  detectors: Record<string, DetectorState>,
  packages: CapturedPackage[] = [],
): Capture => ({
  packages,
  sources: [],
  npmProjects: [],
  detectors,
  distribution: null,
});

describe("captureProblems", () => {
  it("is one sentence for each detector in error, sorted", () => {
    const capture = captureWith({
      python: { state: "error", reason: '"/a" is cut' },
      npm: { state: "found", count: 1 },
      dpkg: { state: "error", reason: '"/b" is cut' },
    });
    assert.deepEqual(captureProblems(capture), [
      'dpkg can\'t say what is installed: "/b" is cut.',
      'python can\'t say what is installed: "/a" is cut.',
    ]);
    assert.deepEqual(captureProblems(captureWith({ dpkg: { state: "absent" } })), []);
  });
});

describe("isEmptyCapture", () => {
  it("is true only where every detector found its packages absent", async () => {
    assert.equal(isEmptyCapture(await captureOf({ hello: "binary" })), true);
    assert.equal(isEmptyCapture(captureWith({ dpkg: { state: "error", reason: "x" } })), false);
    assert.equal(isEmptyCapture(captureWith({ dpkg: { state: "found", count: 0 } })), false);
    const found = captureWith({ npm: { state: "absent" } }, packagesOf("npm:a@1"));
    assert.equal(isEmptyCapture(found), false);
  });
});

describe("orderedPackages", () => {
  it("sorts by ecosystem, root, name, architecture and version, and removes exact duplicates only", () => {
    const items = packagesOf(
      "pip:a@2 in /b",
      "pip:b@1 in /a",
      "pip:a@1 in /b",
      "pip:a@1 in /b",
      "dpkg:z:i386@1",
      "dpkg:z@1",
      "dpkg:Z@1",
    );
    const ordered = [
      "dpkg:Z@1",
      "dpkg:z@1",
      "dpkg:z:i386@1",
      "pip:b@1 in /a",
      "pip:a@1 in /b",
      "pip:a@2 in /b",
    ];
    assert.deepEqual(orderedPackages(items), packagesOf(...ordered));
  });
});
