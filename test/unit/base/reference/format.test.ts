import assert from "node:assert/strict";
import fc from "fast-check";
import { canonical, familiar, normalise } from "../../../../provider/base/reference/format";
import { isInRegistry } from "../../../../provider/base/reference/in-registry";
import { parseReference } from "../../../../provider/base/reference/parse";

const HEX = "0123456789abcdef".repeat(4);

const component = fc
  .tuple(fc.stringMatching(/^[a-z0-9]{1,8}$/), fc.constantFrom("", ".", "_", "__", "-", "---"))
  .map(([word, separator]) => (separator === "" ? word : `${word}${separator}x`));
const written = fc
  .record({
    registry: fc.constantFrom(
      "",
      "docker.io/",
      "index.docker.io/",
      "localhost/",
      "localhost:5000/",
      "r.io/",
      "[::1]:5/",
      "A/",
    ),
    path: fc.array(fc.oneof(component, fc.constantFrom("library", "localhost", "sha256", HEX)), {
      minLength: 1,
      maxLength: 3,
    }),
    tag: fc.option(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/), { nil: null }),
    digest: fc.constantFrom("", `@sha256:${HEX}`, `@sha512:${HEX}${HEX}`),
  })
  .map(
    ({ registry, path, tag, digest }) =>
      `${registry}${path.join("/")}${tag === null ? "" : `:${tag}`}${digest}`,
  )
  .filter((text) => !/^sha256(?::|$)/.test(text));

describe("canonical and familiar", () => {
  it("name what was parsed: parsing either gives the same reference", () => {
    fc.assert(
      fc.property(written, (text) => {
        const full = normalise(text);
        assert.equal(normalise(full), full);
        const short = familiar(parseReference(text));
        assert.equal(normalise(short), full);
        assert.ok(short.length <= full.length);
        assert.equal(familiar(parseReference(full)), short);
      }),
      { numRuns: 1000 },
    );
  });

  const forms: [text: string, full: string, short: string][] = [
    ["debian", "docker.io/library/debian:latest", "debian:latest"],
    ["debian:bookworm-slim", "docker.io/library/debian:bookworm-slim", "debian:bookworm-slim"],
    ["docker.io/team/app:1", "docker.io/team/app:1", "team/app:1"],
    ["localhost/app", "localhost/app:latest", "localhost/app:latest"],
    [`debian@sha256:${HEX}`, `docker.io/library/debian@sha256:${HEX}`, `debian@sha256:${HEX}`],
    [`debian:12@sha256:${HEX}`, `docker.io/library/debian:12@sha256:${HEX}`, `debian:12@sha256:${HEX}`],
    [HEX, `sha256:${HEX}`, `sha256:${HEX}`],
    ["docker.io/localhost/app", "docker.io/localhost/app:latest", "docker.io/localhost/app:latest"],
    ["docker.io/my.app/web", "docker.io/my.app/web:latest", "docker.io/my.app/web:latest"],
    ["docker.io/sha256:latest", "docker.io/library/sha256:latest", "library/sha256:latest"],
    ["docker.io/library/library/x", "docker.io/library/library/x:latest", "library/library/x:latest"],
  ];
  for (const [text, full, short] of forms) {
    it(`${text.slice(0, 50)} is ${full.slice(0, 50)}, in short ${short.slice(0, 50)}`, () => {
      assert.equal(canonical(parseReference(text)), full);
      assert.equal(familiar(parseReference(text)), short);
    });
  }
});

describe("isInRegistry", () => {
  const answers: Record<string, boolean> = {
    debian: false,
    "team/app": false,
    "docker.io/team/app": true,
    "localhost:5000/app": true,
    "localhost/app:1": true,
    [`registry.example.com/app@sha256:${HEX}`]: true,
    [`app@sha256:${HEX}`]: false,
    [`sha256:${HEX}`]: false,
  };
  for (const [text, answer] of Object.entries(answers)) {
    it(`${text.slice(0, 40)}: ${answer}`, () => assert.equal(isInRegistry(parseReference(text)), answer));
  }
});
