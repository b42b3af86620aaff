import assert from "node:assert/strict";
import fc from "fast-check";
import {
  isImageId,
  parseDigest,
  parseImageId,
  shortDigest,
} from "../../../../provider/base/reference/digest";
import { InvalidReferenceError } from "../../../../provider/base/reference/errors";
import { digestReference, parseTagReference } from "../../../../provider/base/reference/explicit";
import { canonical, familiar, normalise } from "../../../../provider/base/reference/format";
import { isInRegistry } from "../../../../provider/base/reference/in-registry";
import { parseReference } from "../../../../provider/base/reference/parse";
import { digest, imageId } from "../../../../provider/base/reference/schemas";
import type { Engine } from "../../../../provider/engines/engine";
import { each } from "../../../support/each";

describe("canonical and familiar", () => {
  const HEX = "0123456789abcdef".repeat(4);
  const registries = " docker.io/ index.docker.io/ localhost/ localhost:5000/ r.io/ [::1]:5/ A/".split(" ");
  const component = fc
    .tuple(fc.stringMatching(/^[a-z0-9]{1,8}$/), fc.constantFrom("", ".x", "_x", "__x", "-x", "---x"))
    .map((parts) => parts.join(""));
  const part = fc.oneof(component, fc.constantFrom("library", "localhost", "sha256", HEX));
  const written = fc
    .tuple(
      fc.constantFrom(...registries),
      fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/")),
      fc.option(fc.stringMatching(/^:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/), { nil: "" }),
      fc.constantFrom("", `@sha256:${HEX}`, `@sha512:${HEX}${HEX}`),
    )
    .map((parts) => parts.join(""))
    .filter((text) => !/^sha256(?::|$)/.test(text));

  it("name what was parsed: parsing either gives the same reference", () => {
    const same = fc.property(written, (text) => {
      const full = normalise(text);
      const short = familiar(parseReference(text));
      assert.deepEqual([normalise(full), normalise(short)], [full, full]);
      assert.ok(short.length <= full.length);
      assert.equal(familiar(parseReference(full)), short);
    });
    fc.assert(same, { numRuns: 1000 });
  });

  const DIGEST = `@sha256:${HEX}`;
  each("%s is %s, in short %s", [
    ["debian", "docker.io/library/debian:latest", "debian:latest"],
    ["debian:bookworm-slim", "docker.io/library/debian:bookworm-slim", "debian:bookworm-slim"],
    ["docker.io/team/app:1", "docker.io/team/app:1", "team/app:1"],
    ["localhost/app", "localhost/app:latest", "localhost/app:latest"],
    [`debian${DIGEST}`, `docker.io/library/debian${DIGEST}`, `debian${DIGEST}`],
    [`debian:12${DIGEST}`, `docker.io/library/debian:12${DIGEST}`, `debian:12${DIGEST}`],
    [HEX, `sha256:${HEX}`, `sha256:${HEX}`],
    ["docker.io/localhost/app", "docker.io/localhost/app:latest", "docker.io/localhost/app:latest"],
    ["docker.io/my.app/web", "docker.io/my.app/web:latest", "docker.io/my.app/web:latest"],
    ["docker.io/sha256:latest", "docker.io/library/sha256:latest", "library/sha256:latest"],
    ["docker.io/library/library/x", "docker.io/library/library/x:latest", "library/library/x:latest"],
  ])((text, full, short) => {
    const reference = parseReference(text);
    assert.deepEqual([canonical(reference), familiar(reference)], [full, short]);
  });

  const inRegistry = [
    "docker.io/team/app",
    "localhost:5000/app",
    "localhost/app:1",
    `registry.example.com/app${DIGEST}`,
  ];
  const onEngine = ["debian", "team/app", `app${DIGEST}`, `sha256:${HEX}`];
  each("say whether a reference is in a registry: %s, %s", [
    ...inRegistry.map((text) => [text, true] as const),
    ...onEngine.map((text) => [text, false] as const),
  ])((text, answer) => assert.equal(isInRegistry(parseReference(text)), answer));
});

describe("names that are types", () => {
  const HEX = "a1".repeat(32);
  const LONG = `sha512:${"b2".repeat(64)}`;
  const NONE = ["", "sha256:", HEX.toUpperCase(), `sha256:${HEX}0`, `sha256:${HEX} `, `md5:${HEX}`, "web:1"];

  it("are image IDs and digests in their long form, and nothing else", () => {
    assert.equal(parseImageId(HEX), `sha256:${HEX}`);
    for (const good of [`sha256:${HEX}`, LONG]) {
      const read = [parseImageId(good), parseDigest(good), imageId.parse(good), digest.parse(good)];
      assert.deepEqual([...read, isImageId(good)], [good, good, good, good, true]);
    }
    for (const bad of NONE) {
      assert.throws(() => parseImageId(bad), InvalidReferenceError, bad);
      assert.throws(() => parseDigest(bad), InvalidReferenceError, bad);
      assert.deepEqual([imageId.safeParse(bad).success, digest.safeParse(bad).success], [false, false], bad);
    }
    assert.equal(imageId.safeParse(7).success, false);
  });

  it("are shown by their first 12 digits", () => {
    const shown = [`sha256:${HEX}`, LONG, "web"].map(shortDigest);
    assert.deepEqual(shown, [HEX.slice(0, 12), "b2".repeat(6), "web"]);
  });

  it("are tags in the one form in which they are compared", () => {
    const tags = "web docker.io/web library/web:latest localhost:5000/web:1"
      .split(" ")
      .map(parseTagReference);
    assert.equal(tags.join(" "), "web:latest docker.io/library/web:latest web:latest localhost:5000/web:1");
    assert.deepEqual(tags.map(parseTagReference), tags);
    for (const bad of [HEX, `web@sha256:${HEX}`, "web:1@x", "WEB"])
      assert.throws(() => parseTagReference(bad), InvalidReferenceError, bad);
  });

  it("are contents in a repository, and no plain strings: the compiler refuses these", () => {
    const content = parseDigest(LONG);
    assert.equal(digestReference("r.io/web", content), `r.io/web@${LONG}`);
    const refused = (engine: Engine): unknown[] => [
      // @ts-expect-error -- a name is no image ID
      () => engine.tag("web:1", "web:production"),
      // @ts-expect-error -- a manifest's digest need not be one
      () => engine.tag(content, "web:production"),
      // @ts-expect-error -- a text that only looks like one was not read
      () => digestReference("r.io/web", `sha256:${"0".repeat(64)}`),
    ];
    void refused;
  });
});
