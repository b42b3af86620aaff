import assert from "node:assert/strict";
import {
  isImageId,
  parseDigest,
  parseImageId,
  shortDigest,
} from "../../../../provider/base/reference/digest";
import { InvalidReferenceError } from "../../../../provider/base/reference/errors";
import { digestReference, parseTagReference } from "../../../../provider/base/reference/explicit";
import { digest, imageId } from "../../../../provider/base/reference/schemas";
import type { Engine } from "../../../../provider/engines/engine";

const HEX = "a1".repeat(32);
const LONG = `sha512:${"b2".repeat(64)}`;
const NONE = ["", "sha256:", HEX.toUpperCase(), `sha256:${HEX}0`, `sha256:${HEX} `, `md5:${HEX}`, "web:1"];

describe("names that are types", () => {
  it("are image IDs and digests in their long form, and nothing else", () => {
    assert.equal(parseImageId(HEX), `sha256:${HEX}`);
    for (const good of [`sha256:${HEX}`, LONG]) {
      assert.deepEqual([parseImageId(good), parseDigest(good), isImageId(good)], [good, good, true]);
      assert.deepEqual([imageId.parse(good), digest.parse(good)], [good, good]);
    }
    for (const bad of NONE) {
      assert.throws(() => parseImageId(bad), InvalidReferenceError, bad);
      assert.throws(() => parseDigest(bad), InvalidReferenceError, bad);
      assert.deepEqual([imageId.safeParse(bad).success, digest.safeParse(bad).success], [false, false], bad);
    }
    assert.equal(imageId.safeParse(7).success, false);
  });

  it("are shown by their first 12 digits", () =>
    assert.deepEqual([`sha256:${HEX}`, LONG, "web"].map(shortDigest), [
      HEX.slice(0, 12),
      "b2".repeat(6),
      "web",
    ]));

  it("are tags in the one form in which they are compared", () => {
    for (const text of ["web", "docker.io/web", "library/web:latest", "localhost:5000/web:1"]) {
      const tag = parseTagReference(text);
      assert.equal(parseTagReference(tag), tag);
    }
    assert.equal(parseTagReference("library/web"), "web:latest");
    for (const bad of [HEX, `web@sha256:${HEX}`, "web:1@x", "WEB"]) {
      assert.throws(() => parseTagReference(bad), InvalidReferenceError, bad);
    }
  });

  it("are contents in a repository", () =>
    assert.equal(digestReference("r.io/web", parseDigest(LONG)), `r.io/web@${LONG}`));

  it("can't be plain strings: the compiler refuses them", () => {
    const digestAlone = parseDigest(LONG);
    const asks = (engine: Engine): unknown[] => [
      // @ts-expect-error -- a name is no image ID
      () => engine.tag("web:1", "web:production"),
      // @ts-expect-error -- a manifest's digest need not be one
      () => engine.tag(digestAlone, "web:production"),
      // @ts-expect-error -- a text that only looks like one was not read
      () => digestReference("r.io/web", `sha256:${"0".repeat(64)}`),
    ];
    assert.equal(typeof asks, "function");
  });
});
