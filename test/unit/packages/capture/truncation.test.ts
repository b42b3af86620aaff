import assert from "node:assert/strict";
import { PassThrough, Readable } from "node:stream";
import { captureFileSystem } from "../../../../provider/packages/capture/capture";
import { CaptureError } from "../../../../provider/packages/capture/errors";
import { captureManifest } from "../../../../provider/packages/capture/manifest";
import { failingStream, stanza, streamOf, tarOf } from "./archive-builder";

const FILES = [
  ["var/lib/dpkg/status", stanza("bash", "5.2.15-2+b7")],
  ["app/node_modules/a/package.json", '{"name":"a","version":"1.0.0"}'],
  ["zeros", Buffer.alloc(4096)],
] as const;

const endedEarly = (error: unknown): boolean => {
  assert.ok(error instanceof CaptureError);
  assert.equal(error.code, "capture-incomplete");
  assert.match(error.message, /^The exported file system ended early, /);
  assert.match(error.message, /dpkg, apk, rpm, python, npm/);
  return true;
};

describe("a stream that does not reach the end of the archive", () => {
  it("fails when cut at any block boundary, also inside a file of zeros and inside the marker", async () => {
    const whole = await tarOf(FILES);
    assert.equal(
      whole.subarray(-1024).every((byte) => byte === 0),
      true,
    );
    for (let length = 0; length < whole.length; length += 512) {
      await assert.rejects(
        captureFileSystem(streamOf(whole.subarray(0, length))),
        endedEarly,
        `cut at ${length}`,
      );
    }
    const capture = await captureFileSystem(streamOf(whole));
    assert.equal(capture.packages.length, 2);
  });

  it("fails when cut anywhere else", async () => {
    const whole = await tarOf(FILES);
    for (const length of [1, 511, 700, 1537, whole.length - 513, whole.length - 1]) {
      await assert.rejects(
        captureFileSystem(streamOf(whole.subarray(0, length))),
        endedEarly,
        `cut at ${length}`,
      );
    }
  });

  it("does not take zeros at the end of the last file for the marker, however the pieces fall", async () => {
    const whole = await tarOf(FILES);
    const cut = whole.subarray(0, whole.length - 1024);
    for (const size of [1, 100, 512, 1024, 1 << 20]) {
      await assert.rejects(captureFileSystem(streamOf(cut, size)), endedEarly, `pieces of ${size}`);
      assert.equal((await captureFileSystem(streamOf(whole, size))).packages.length, 2);
    }
  });

  it("fails when cut after the long-name header of an entry", async () => {
    const files = [...FILES, [`${"d/".repeat(100)}é`, "x"]] as const;
    const short = await tarOf(FILES);
    const whole = await tarOf(files);
    const headerEnd = short.length - 1024 + 1024; // the extended header and its one block of content
    await assert.rejects(captureFileSystem(streamOf(whole.subarray(0, headerEnd))), endedEarly);
  });

  it("fails with the stream's own error, naming the detectors that were waiting", async () => {
    const whole = await tarOf(FILES);
    for (const length of [0, 512, 1000, 2048, whole.length]) {
      const cause = new Error("connection reset");
      await assert.rejects(
        captureFileSystem(failingStream(whole.subarray(0, length), cause)),
        (error: unknown) => {
          assert.ok(error instanceof CaptureError);
          assert.match(
            error.message,
            /could not be read: "connection reset".*no answer from dpkg, apk, rpm, python, npm/,
          );
          assert.equal(error.cause, cause);
          return true;
        },
      );
    }
  });

  it("fails when the stream is closed without an end", async () => {
    const source = new PassThrough();
    source.write((await tarOf(FILES)).subarray(0, 1024));
    setImmediate(() => source.destroy());
    await assert.rejects(captureFileSystem(source), { code: "capture-incomplete" });
    await assert.rejects(captureFileSystem(source), { code: "capture-incomplete" });
  });

  it("fails for an empty stream and for something that is no archive", async () => {
    await assert.rejects(captureFileSystem(Readable.from([], { objectMode: false })), endedEarly);
    await assert.rejects(captureFileSystem(streamOf(Buffer.from("no container\n".repeat(1000)))), {
      code: "capture-incomplete",
    });
  });

  it("stops on a signal, before and during the pass", async () => {
    const whole = await tarOf(FILES);
    const aborted = { signal: AbortSignal.abort() };
    await assert.rejects(captureFileSystem(streamOf(whole), aborted), { code: "capture-aborted" });
    const controller = new AbortController();
    const source = new PassThrough();
    source.write(whole.subarray(0, 1024));
    const pending = captureFileSystem(source, { signal: controller.signal });
    setImmediate(() => controller.abort());
    await assert.rejects(pending, { code: "capture-aborted" });
    assert.equal(source.destroyed, true);
  });

  it("fails the file manifest in the same way", async () => {
    const whole = await tarOf(FILES);
    await assert.rejects(
      captureManifest(streamOf(whole.subarray(0, -1024))),
      /ended early.*the file manifest/,
    );
    await assert.rejects(
      captureManifest(failingStream(whole.subarray(0, 1024), new Error("gone"))),
      /"gone"/,
    );
  });
});
