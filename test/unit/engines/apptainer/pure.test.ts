import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineReason } from "../../../../provider/engines/apptainer/explain";
import { fakerootProblem, needsFakeroot } from "../../../../provider/engines/apptainer/fakeroot";
import { suitableVersion } from "../../../../provider/engines/apptainer/find";
import { SifError, systemPartition } from "../../../../provider/engines/apptainer/sif-header";

describe("which Apptainer is suitable", () => {
  it("is decided by what it says of itself", () => {
    assert.equal(suitableVersion("apptainer version 1.4.5\n"), "1.4.5");
    assert.equal(suitableVersion("apptainer version 1.1.0-rc.2"), "1.1.0-rc.2");
    assert.equal(suitableVersion("apptainer version 2.0"), "2.0");
    assert.equal(suitableVersion("apptainer version 1.0.3"), null);
    assert.equal(suitableVersion("singularity-ce version 4.1.0"), null);
    assert.equal(suitableVersion("3.8.7"), null);
  });
});

describe("--fakeroot", () => {
  const all = 0b1111n;

  it("is needed by root where the machine withholds a capability, and by nobody else", () => {
    assert.equal(needsFakeroot({ uid: 0, held: all, all }), false);
    assert.equal(needsFakeroot({ uid: 0, held: 0b1011n, all }), true);
    assert.equal(needsFakeroot({ uid: 1000, held: 0n, all }), false);
  });

  it("can be had with a range of IDs in both files", () => {
    const problem = (subuid: string, subgid: string): string | null =>
      fakerootProblem({ uid: 0, user: "root", ranges: [subuid, subgid] });
    assert.equal(problem("other:1:2\nroot:200000:65536\n", "0:200000:65536\n"), null);
    assert.match(
      problem("root:200000:65536\n", "") ?? "",
      /\/etc\/subgid has no line for root; add "root:200000:65536"/,
    );
    assert.match(problem("", "rooted:1:2") ?? "", /\/etc\/subuid and \/etc\/subgid have no line/);
  });
});

describe("a failed build's log", () => {
  for (const [line, words] of [
    ["write /x: no space left on device", /make room/],
    [
      "FATAL: could not use fakeroot: no mapping entry found in /etc/subuid for x",
      /\/etc\/subuid and \/etc\/subgid/,
    ],
    [
      "Failed to create user namespace: maximum number of user namespaces exceeded",
      /allows no user namespaces/,
    ],
    ["newuidmap was not found in PATH", /install the package uidmap/],
  ] as const) {
    it(`names the machine as the reason: ${line}`, () => assert.match(machineReason(line) ?? "", words));
  }

  it("names no reason where the recipe may be to blame", () => {
    assert.equal(machineReason("E: Unable to locate package nope\nexit status 100"), null);
  });
});

describe("a file that is no whole SIF", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "sif-tests-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A SIF with one descriptor of a partition, and so many bytes in all. */
  function sif(change: (bytes: Buffer) => void = () => undefined, length = 4096): string {
    const bytes = Buffer.alloc(128 + 585 + 4096);
    bytes.write("SIF_MAGIC\0", 32, "latin1");
    bytes.writeBigInt64LE(1n, 88);
    bytes.writeBigInt64LE(128n, 96);
    const at = 128;
    bytes.writeInt32LE(0x4004, at);
    bytes.writeUInt8(1, at + 4);
    bytes.writeBigInt64LE(1024n, at + 17);
    bytes.writeBigInt64LE(2048n, at + 25);
    bytes.writeInt32LE(1, at + 201);
    bytes.writeInt32LE(2, at + 205);
    change(bytes);
    const file = join(folder, "image.sif");
    writeFileSync(file, bytes.subarray(0, length));
    return file;
  }

  it("is told from one that is", async () => {
    assert.deepEqual(await systemPartition(sif()), { offset: 1024, size: 2048 });
  });

  for (const [claim, file, words] of [
    ["cut within its header", () => sif(undefined, 100), /does not begin like one/],
    ["cut within its table", () => sif(undefined, 300), /cut short/],
    ["cut within its file system", () => sif(undefined, 2000), /cut short/],
    ["something else", () => sif((bytes) => bytes.fill(0, 0, 64)), /does not begin like one/],
    ["one with too many descriptors", () => sif((bytes) => bytes.writeBigInt64LE(1n << 40n, 88)), /damaged/],
    ["one with a negative place", () => sif((bytes) => bytes.writeBigInt64LE(-1n, 128 + 17)), /damaged/],
    ["encrypted", () => sif((bytes) => bytes.writeInt32LE(5, 128 + 201)), /encrypted/],
    [
      "one without a file system",
      () => sif((bytes) => bytes.writeInt32LE(3, 128 + 205)),
      /no primary file system/,
    ],
    ["one with an overlay", () => sif((bytes) => bytes.writeInt32LE(4, 128 + 205)), /it has an overlay/],
    ["not there", () => join(folder, "nothing.sif"), /no such file/],
  ] as const) {
    it(`is refused when it is ${claim}`, async () => {
      await assert.rejects(
        systemPartition(file()),
        (error: unknown) => error instanceof SifError && error.code === "sif" && words.test(error.message),
      );
    });
  }
});
