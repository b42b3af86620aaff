import assert from "node:assert/strict";
import { isFullRevision } from "../../../../provider/base/revision/revision";
import { placeSifRecords } from "../../../../provider/build/apptainer/hand-in";
import { withLabels } from "../../../../provider/build/apptainer/run-sif";
import { MARKER } from "../../../../provider/recipe/apt-records/hook";
import { lockedDefinition } from "../../../../provider/recipe/definition/locked";
import { parseDefinition } from "../../../../provider/recipe/definition/parse";
import { makeLock } from "../../../../provider/packages/lock/make";

const lock = makeLock({
  bases: [],
  packages: [
    { ecosystem: "dpkg", name: "curl", version: "1.0" },
    { ecosystem: "pip", name: "flask", version: "3.0", root: "/usr/lib/python3/site-packages" },
  ],
  sources: [],
  unpinned: [],
  notCaptured: [],
});

const TEXT = `Bootstrap: docker
From: debian:12
Stage: build

%post
    make

Bootstrap: docker
From: debian:12

%files from build
    /a

%post -c /bin/bash
    apt-get install -y curl
%post
    pip install flask
`;

describe("a locked definition", () => {
  const parsed = parseDefinition(TEXT);
  const { text, pins } = lockedDefinition(parsed, lock, new Map([[0, "debian@sha256:0"]]), ["by hand"]);

  it("has bases by digest, and one prologue in each stage that runs something", () => {
    const added = text.split("\n").filter((line) => !TEXT.split("\n").includes(line));
    assert.deepEqual(
      added.map((line) => line.trim().split("=")[0]),
      [
        "# by hand",
        "From: debian@sha256:0",
        ...["# The pins of the lock, put here by verified-images.", added[3]?.trim()],
        ...["export APT_CONFIG", "export PIP_CONSTRAINT", "export PYTHONPATH"],
        ...["# The pins of the lock, put here by verified-images.", added[8]?.trim()],
        ...["export APT_CONFIG", "export PIP_CONSTRAINT", "export PYTHONPATH"],
      ],
    );
    assert.ok(text.indexOf("/pins/1") > text.indexOf("%post -c /bin/bash"));
    assert.ok(text.indexOf("/pins/1") < text.indexOf("apt-get install"));
  });

  it("is read again, with the same sections", () => {
    const names = (of: string): string[] =>
      parseDefinition(of).stages.flatMap(({ sections }) => sections.map(({ name }) => name));
    assert.deepEqual(names(text), names(TEXT));
  });

  it("has a folder of pins for each of these stages, whose paths are those in the build", () => {
    const configuration = pins.find(({ path }) => path === "1/apt.conf");
    assert.match(configuration?.text ?? "", /"\/tmp\/\.verified-images\/pins\/1\/preferences"/);
    assert.ok(pins.some(({ path }) => path === "0/constraints.txt"));
  });

  it("has no prologue where another program than a shell reads the text", () => {
    const python = "Bootstrap: docker\nFrom: x\n%post -c /usr/bin/python3\n    import os\n";
    assert.equal(lockedDefinition(parseDefinition(python), lock, new Map(), []).text, python);
  });
});

describe("the labels of a SIF", () => {
  it("come last, so they win", () => {
    const revision = "0".repeat(40);
    assert.ok(isFullRevision(revision));
    assert.equal(
      withLabels("Bootstrap: scratch", { labels: { maker: "a b" }, revision }),
      `Bootstrap: scratch\n\n%labels\n    maker a b\n    org.opencontainers.image.revision ${revision}\n`,
    );
    assert.equal(withLabels(TEXT, { labels: {}, revision: null }), TEXT);
  });
});

describe("what apt reports in a build of a definition", () => {
  const line = (rest: string, nonce = "n"): string => `${MARKER} ${nonce} ${rest}\n`;
  const hash = "0".repeat(64);

  it("belongs to the stage that runs, and only lines of this build count", () => {
    const records = placeSifRecords(
      line("stage /tmp/one") +
        line(`a 1.0 - ${hash}`) +
        line("end 1") +
        line(`b 1.0 - ${hash}`, "other") +
        line("stage /tmp/two") +
        line(`c 2.0 arm64 -`) +
        line("end 1"),
      "n",
      parseDefinition(TEXT),
    );
    assert.deepEqual(records.get(0)?.records, [{ name: "a", version: "1.0", hash: `sha256:${hash}` }]);
    assert.deepEqual(records.get(1)?.records, [{ name: "c", version: "2.0", arch: "arm64" }]);
  });

  it("is incomplete where lines are missing", () => {
    const of = (text: string) =>
      placeSifRecords(line("stage /x") + text, "n", parseDefinition(TEXT)).get(0)?.complete;
    assert.equal(of(line(`a 1.0 - -`) + line("end 1")), true);
    assert.equal(of(line(`a 1.0 - -`)), false);
    assert.equal(of(line("end 1")), false);
    assert.equal(of(line("what")), false);
  });
});
