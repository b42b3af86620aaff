import assert from "node:assert/strict";
import { brief, captureOf, problemsOf } from "./archive-builder";

const manifest = (name: string): string => JSON.stringify({ name, version: "1.0.0" });

describe("links in an exported file system", () => {
  it("a hard link has what the earlier entry had, also through a second link", async () => {
    const capture = await captureOf([
      ["a/node_modules/x/package.json", manifest("x")],
      ["b/node_modules/x/package.json", { link: "a/node_modules/x/package.json" }],
      ["c/node_modules/x/package.json", { link: "/b/node_modules/./x/package.json" }],
    ]);
    assert.deepEqual(
      brief(capture),
      ["a", "b", "c"].map((root) => `npm:x@1.0.0 in /${root}/node_modules`),
    );
  });

  it("a hard link into a store is resolved, whatever the name there", async () => {
    const capture = await captureOf([
      ["root/.local/share/pnpm/store/v3/files/ab/cdef", manifest("x")],
      [
        "root/.local/share/pnpm/store/v3/files/ab/second",
        { link: "root/.local/share/pnpm/store/v3/files/ab/cdef" },
      ],
      [
        "usr/src/app/node_modules/.pnpm/x@1.0.0/node_modules/x/package.json",
        { link: "root/.local/share/pnpm/store/v3/files/ab/second" },
      ],
    ]);
    assert.deepEqual(brief(capture), ["npm:x@1.0.0 in /usr/src/app/node_modules/.pnpm/x@1.0.0/node_modules"]);
    const python = await captureOf([
      ["root/.cache/uv/archive-v0/r/a-1.dist-info/METADATA", "Name: a\nVersion: 1\n\n"],
      [
        "venv/lib/site-packages/a-1.dist-info/METADATA",
        { link: "root/.cache/uv/archive-v0/r/a-1.dist-info/METADATA" },
      ],
    ]);
    assert.deepEqual(brief(python), ["pip:a@1 in /venv/lib/site-packages"]);
  });

  it("a hard link to what was not read, or not readable, is a problem by name", async () => {
    const link = { link: "store/file" };
    const npm =
      /^npm .*"\/a\/node_modules\/x\/package\.json" is a hard link to "\/store\/file", which holds nothing/;
    assert.match(await problemsOf([["a/node_modules/x/package.json", link]]), npm);
    assert.match(
      await problemsOf([
        ["store/file", "{"],
        ["a/node_modules/x/package.json", link],
      ]),
      npm,
    );
    assert.match(
      await problemsOf([
        ["store/file", "Package: x"],
        ["var/lib/dpkg/status", link],
      ]),
      /^dpkg .*hard link/,
    );
    const dist = "venv/lib/site-packages/a-1.dist-info/METADATA";
    assert.match(
      await problemsOf([
        ["store/file", "Name: a"],
        [dist, link],
      ]),
      /^python .*hard link/,
    );
    const self = { link: "a/node_modules/x/package.json" };
    assert.match(await problemsOf([["a/node_modules/x/package.json", self]]), /^npm .*hard link/);
    const other = [
      ["app/node_modules/.package-lock.json", '{"packages":{}}'],
      ["app/node_modules/x/package.json", { link: "app/node_modules/.package-lock.json" }],
    ] as const;
    assert.match(await problemsOf(other), /^npm .*hard link/, "a file of another kind is no package.json");
  });

  it("a linked package directory is not followed: the real one is there", async () => {
    const capture = await captureOf([
      ["app/node_modules/x", { symlink: ".pnpm/x@1.0.0/node_modules/x" }],
      ["app/node_modules/.pnpm/x@1.0.0/node_modules/x/package.json", manifest("x")],
    ]);
    assert.equal(capture.packages.length, 1);
  });

  it("a symbolic link in the place of a database is followed to a file that was read, loops are not", async () => {
    const dist = "venv/lib/site-packages/a-1.dist-info/METADATA";
    const capture = await captureOf([
      [dist, { symlink: "/cache/hop" }],
      ["cache/hop", { symlink: "x" }],
      [
        "c/site-packages/b-1.dist-info/METADATA",
        { symlink: "../../../d/site-packages/b-1.dist-info/METADATA" },
      ],
      ["d/site-packages/b-1.dist-info/METADATA", "Name: b\nVersion: 1\n\n"],
    ]);
    assert.equal(capture.detectors["python"]?.state, "error");
    const loop = [
      [
        "c/site-packages/a-1.dist-info/METADATA",
        { symlink: "../../../d/site-packages/a-1.dist-info/METADATA" },
      ],
      [
        "d/site-packages/a-1.dist-info/METADATA",
        { symlink: "../../../c/site-packages/a-1.dist-info/METADATA" },
      ],
    ] as const;
    assert.match(await problemsOf(loop), /^python .*symbolic link/);
    const followed = await captureOf([
      [
        "c/site-packages/b-1.dist-info/METADATA",
        { symlink: "../../../d/site-packages/b-1.dist-info/METADATA" },
      ],
      ["d/site-packages/b-1.dist-info/METADATA", "Name: b\nVersion: 1\n\n"],
    ]);
    assert.deepEqual(brief(followed), ["pip:b@1 in /c/site-packages", "pip:b@1 in /d/site-packages"]);
    assert.match(
      await problemsOf([["var/lib/dpkg/status", { symlink: "/nowhere" }]]),
      /^dpkg .*symbolic link/,
    );
  });
});
