import assert from "node:assert/strict";
import { answerOf, captureOf, type Files, hardLink, npm, problemsOf, symlink } from "./archive-builder";

const NPM = "a/node_modules/x/package.json";
const DIST = "venv/lib/site-packages/a-1.dist-info/METADATA";
const B = "site-packages/b-1.dist-info/METADATA";
const METADATA = "Name: b\nVersion: 1\n\n";

describe("a hard link in an exported file system", () => {
  it("has what the earlier entry had, also through a second link", async () => {
    const answer = await answerOf("npm", npm("a/node_modules/x"), {
      "b/node_modules/x/package.json": hardLink(NPM),
      "c/node_modules/x/package.json": hardLink("/b/node_modules/./x/package.json"),
    });
    const there = ["a", "b", "c"].map((root) => `npm:x@1.0.0 in /${root}/node_modules`);
    assert.deepEqual(answer, ["found 3", ...there]);
  });

  it("into a store is resolved, whatever the name there", async () => {
    const store = "root/.local/share/pnpm/store/v3/files/ab";
    const place = "usr/src/app/node_modules/.pnpm/x@1.0.0/node_modules";
    const pnpm = await answerOf("npm", {
      [`${store}/cdef`]: '{"name":"x","version":"1.0.0"}',
      [`${store}/second`]: hardLink(`${store}/cdef`),
      [`${place}/x/package.json`]: hardLink(`${store}/second`),
    });
    assert.deepEqual(pnpm, ["found 1", `npm:x@1.0.0 in /${place}`]);
    const cached = "root/.cache/uv/archive-v0/r/b-1.dist-info/METADATA";
    const uv = await answerOf("python", { [cached]: METADATA, [`venv/lib/${B}`]: hardLink(cached) });
    assert.deepEqual(uv, ["found 1", "pip:b@1 in /venv/lib/site-packages"]);
  });

  const link = hardLink("store/file");
  const lock = "app/node_modules/.package-lock.json";
  const store =
    /^npm .*"\/a\/node_modules\/x\/package\.json" is a hard link to "\/store\/file", which holds nothing/;
  const refused: [what: string, files: Files, problem: RegExp][] = [
    ["what is not there", { [NPM]: link }, store],
    ["what is no package.json", { "store/file": "{", [NPM]: link }, store],
    ["what is no database", { "store/file": "Package: x", "var/lib/dpkg/status": link }, /^dpkg .*hard link/],
    ["metadata that is cut", { "store/file": "Name: a", [DIST]: link }, /^python .*hard link/],
    ["itself", { [NPM]: hardLink(NPM) }, /^npm .*hard link/],
    [
      "a file of another kind",
      { [lock]: '{"packages":{}}', "app/node_modules/x/package.json": hardLink(lock) },
      /^npm .*hard link/,
    ],
  ];
  for (const [what, files, problem] of refused) {
    it(`is a problem by name where it leads to ${what}`, async () =>
      assert.match(await problemsOf(files), problem));
  }
});

describe("a symbolic link in an exported file system", () => {
  it("to a package directory is not followed: the real one is there", async () => {
    const linked = { "app/node_modules/x": symlink(".pnpm/x@1.0.0/node_modules/x") };
    const { packages } = await captureOf(linked, npm("app/node_modules/.pnpm/x@1.0.0/node_modules/x"));
    assert.equal(packages.length, 1);
  });

  it("in the place of a database is followed to a file that was read", async () => {
    const followed = { [`c/${B}`]: symlink(`../../../d/${B}`), [`d/${B}`]: METADATA };
    const there = ["pip:b@1 in /c/site-packages", "pip:b@1 in /d/site-packages"];
    assert.deepEqual(await answerOf("python", followed), ["found 2", ...there]);
    const dangling = { [DIST]: symlink("/cache/hop"), "cache/hop": symlink("x") };
    assert.equal((await answerOf("python", dangling, followed))[0], "error");
  });

  it("in the place of a database is a problem where it leads round in a loop, or nowhere", async () => {
    const loop = { [`c/${B}`]: symlink(`../../../d/${B}`), [`d/${B}`]: symlink(`../../../c/${B}`) };
    assert.match(await problemsOf(loop), /^python .*symbolic link/);
    assert.match(await problemsOf({ "var/lib/dpkg/status": symlink("/nowhere") }), /^dpkg .*symbolic link/);
  });
});
