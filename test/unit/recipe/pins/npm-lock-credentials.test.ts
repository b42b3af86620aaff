import assert from "node:assert/strict";
import { keptProjects, withoutCredentials } from "../../../../provider/recipe/pins/npm-lock-credentials";

const lock = (document: unknown): string => JSON.stringify(document, null, 2);
const TARBALL = "https://r.test/a/-/a-1.0.0.tgz";
const OPEN = "https://me:s3cr3tvalue@r.test/a/-/a-1.0.0.tgz";

describe("an npm lock file", () => {
  it("without a credential stays as it is, to the byte", () => {
    const plain = `${lock({
      packages: {
        "": { dependencies: { jwt: "^1.0.0", password: "2", g: "git+ssh://git@github.test/g.git" } },
        "node_modules/a": { version: "1.0.0", resolved: TARBALL, integrity: "sha512-x" },
        "node_modules/g": { version: "1.0.0", resolved: "git+ssh://git@github.test/g.git#abc" },
      },
    })}\n\n`;
    assert.equal(withoutCredentials(plain), plain);
    assert.deepEqual(keptProjects([{ stage: 0, root: "/app", lock: plain }], true), [
      { stage: 0, root: "/app", lock: plain },
    ]);
  });

  it("loses the addresses that have one, and nothing else", () => {
    const entry = { version: "1.0.0", integrity: "sha512-x" };
    for (const open of [OPEN, `${TARBALL}?token=s3cr3tvalue`]) {
      const made = withoutCredentials(
        lock({
          packages: { a: { ...entry, resolved: open }, b: { ...entry, resolved: TARBALL } },
          dependencies: { a: { ...entry, resolved: open } },
        }),
      );
      assert.deepEqual(JSON.parse(made ?? ""), {
        packages: { a: entry, b: { ...entry, resolved: TARBALL } },
        dependencies: { a: entry },
      });
    }
  });

  it("is not kept where npm needs the credential, or where the context has the file", () => {
    const project = (document: unknown) => ({ stage: 0, root: "/app", lock: lock(document) });
    for (const needed of [
      { packages: { "": { dependencies: { a: OPEN } } } },
      { dependencies: { a: { version: OPEN, resolved: OPEN } } },
      { packages: { a: { version: "1.0.0", resolved: "git+https://s3cr3tvalue@github.test/a.git#abc" } } },
    ])
      assert.deepEqual(keptProjects([project(needed)], false), []);
    const tarball = project({ packages: { a: { version: "1.0.0", resolved: OPEN } } });
    assert.deepEqual(keptProjects([tarball], true), []);
    assert.equal(keptProjects([tarball], false).length, 1);
  });
});
