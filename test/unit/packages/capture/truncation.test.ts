import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { captureFileSystem } from "../../../../provider/packages/capture/capture";
import { captureManifest } from "../../../../provider/packages/capture/manifest";
import { failingStream, npm, stanza, streamOf, tarOf } from "./archive-builder";

const PACKAGES = { "var/lib/dpkg/status": stanza("bash", "5.2.15-2+b7"), ...npm("app/node_modules/a") };
const FILES = { ...PACKAGES, zeros: Buffer.alloc(4096) };
const END = 1024; // bytes of the end-of-archive marker
const INCOMPLETE = { name: "CaptureError", code: "capture-incomplete" };
const ENDED_EARLY = {
  ...INCOMPLETE,
  message: /^The exported file system ended early, .*dpkg, apk, rpm, python, npm/,
};

describe("a stream that does not reach the end of the archive", () => {
  let whole: Buffer;
  before(async () => (whole = await tarOf(FILES)));
  const assertWhole = async (size?: number): Promise<void> =>
    assert.equal((await captureFileSystem(streamOf(whole, size))).packages.length, 2);
  const assertEndedEarly = (bytes: Buffer, what: string, size?: number): Promise<void> =>
    assert.rejects(captureFileSystem(streamOf(bytes, size)), ENDED_EARLY, what);

  it("fails when cut at any block boundary or elsewhere, also inside a file of zeros and inside the marker", async () => {
    assert.ok(whole.subarray(-END).every((byte) => byte === 0));
    const elsewhere = [1, 511, 700, 1537, whole.length - 513, whole.length - 1];
    for (const length of [...Array(whole.length / 512).keys()].map((block) => block * 512).concat(elsewhere))
      await assertEndedEarly(whole.subarray(0, length), `cut at ${length}`);
    await assertWhole();
  });

  it("does not take zeros at the end of the last file for the marker, however the pieces fall", async () => {
    for (const size of [1, 100, 512, 1024, 1 << 20]) {
      await assertEndedEarly(whole.subarray(0, -END), `pieces of ${size}`, size);
      await assertWhole(size);
    }
  });

  it("fails when cut after the long-name header of an entry", async () => {
    const longer = await tarOf(FILES, { [`${"d/".repeat(100)}é`]: "x" });
    // The extended header and its one block of content stand where the marker was.
    await assertEndedEarly(longer.subarray(0, whole.length), "cut after the extended header");
  });

  it("fails with the stream's own error, naming the detectors that were waiting", async () => {
    const cause = new Error("connection reset");
    const message = /could not be read: "connection reset".*no answer from dpkg, apk, rpm, python, npm/;
    for (const length of [0, 512, 1000, 2048, whole.length]) {
      const broken = captureFileSystem(failingStream(whole.subarray(0, length), cause));
      await assert.rejects(broken, { name: "CaptureError", message, cause });
    }
  });

  it("fails when the stream is closed without an end, before and during the pass", async () => {
    const source = new PassThrough();
    source.write(whole.subarray(0, 1024));
    setImmediate(() => source.destroy());
    await assert.rejects(captureFileSystem(source), INCOMPLETE);
    await assert.rejects(captureFileSystem(source), INCOMPLETE);
  });

  it("fails for an empty stream and for something that is no archive", async () => {
    await assert.rejects(captureFileSystem(Readable.from([], { objectMode: false })), ENDED_EARLY);
    await assert.rejects(captureFileSystem(streamOf(Buffer.from("no container\n".repeat(1000)))), INCOMPLETE);
  });

  it("stops on a signal, before and during the pass", async () => {
    const aborted = { code: "capture-aborted" };
    await assert.rejects(captureFileSystem(streamOf(whole), { signal: AbortSignal.abort() }), aborted);
    const controller = new AbortController();
    const source = new PassThrough();
    source.write(whole.subarray(0, 1024));
    setImmediate(() => controller.abort());
    await assert.rejects(captureFileSystem(source, { signal: controller.signal }), aborted);
    assert.equal(source.destroyed, true);
  });

  it("fails the file manifest in the same way", async () => {
    const cut = captureManifest(streamOf(whole.subarray(0, -END)));
    await assert.rejects(cut, /ended early.*the file manifest/);
    const broken = captureManifest(failingStream(whole.subarray(0, 1024), new Error("gone")));
    await assert.rejects(broken, /"gone"/);
  });
});
