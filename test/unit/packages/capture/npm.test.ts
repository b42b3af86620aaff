import assert from "node:assert/strict";
import { npmPlace } from "../../../../provider/packages/capture/npm/paths";
import { brief, captureOf, DIRECTORY, problemsOf } from "./archive-builder";

const manifest = (name: string, version: string): string => JSON.stringify({ name, version, scripts: {} });

describe("the npm detector", () => {
  it("finds packages at full depth: global, project, scoped, nested, pnpm", async () => {
    const capture = await captureOf([
      ["usr/local/lib/node_modules/npm/package.json", manifest("npm", "10.0.0")],
      [
        "usr/local/lib/node_modules/npm/node_modules/@npmcli/arborist/package.json",
        manifest("@npmcli/arborist", "7.0.0"),
      ],
      ["app/node_modules/a/package.json", manifest("a", "1.0.0")],
      ["app/node_modules/a/node_modules/b/package.json", manifest("b", "2.0.0")],
      ["app/node_modules/a/node_modules/@s/c/node_modules/a/package.json", manifest("a", "0.9.0")],
      ["pn/node_modules/.pnpm/@pnpm+x@1.0.0/node_modules/@pnpm/x/package.json", manifest("@pnpm/x", "1.0.0")],
    ]);
    assert.deepEqual(brief(capture), [
      "npm:a@1.0.0 in /app/node_modules",
      "npm:b@2.0.0 in /app/node_modules/a/node_modules",
      "npm:a@0.9.0 in /app/node_modules/a/node_modules/@s/c/node_modules",
      "npm:@pnpm/x@1.0.0 in /pn/node_modules/.pnpm/@pnpm+x@1.0.0/node_modules",
      "npm:npm@10.0.0 in /usr/local/lib/node_modules",
      "npm:@npmcli/arborist@7.0.0 in /usr/local/lib/node_modules/npm/node_modules",
    ]);
    assert.deepEqual(capture.detectors["npm"], { state: "found", count: 6 });
  });

  it("leaves out files deeper inside a package, dot directories, and what is in no node_modules", async () => {
    const capture = await captureOf([
      ["app/package.json", manifest("app", "1")],
      ["app/node_modules/a/dist/package.json", manifest("no", "1")],
      ["app/node_modules/@s/a/esm/package.json", manifest("no", "1")],
      ["app/node_modules/.bin/package.json", manifest("no", "1")],
      ["app/node_modules/.cache/x/package.json", "{"],
      ["app/node_modules/.cache/node_modules/x/package.json", "{"],
      ["app/node_modules/.old-abc/package.json", manifest("no", "1")],
      ["usr/share/nodejs/semver/package.json", manifest("semver", "7")],
    ]);
    assert.deepEqual(brief(capture), []);
    assert.deepEqual(capture.detectors["npm"], { state: "absent" });
  });

  it("takes a hash from the hidden lock where it speaks of the version that is there", async () => {
    const lock = {
      lockfileVersion: 3,
      packages: {
        "node_modules/a": { version: "1.0.0", integrity: "sha512-AAAA==" },
        "node_modules/a/node_modules/@s/b": { version: "2.0.0", integrity: "sha1-BBBB sha512-CCCC" },
        "node_modules/stale": { version: "1.0.0", integrity: "sha512-DDDD" },
        "node_modules/git": { version: "1.0.0", resolved: "git+ssh://x" },
        "": null,
      },
    };
    const capture = await captureOf([
      ["app/node_modules/.package-lock.json", JSON.stringify(lock)],
      ["app/node_modules/a/package.json", manifest("a", "1.0.0")],
      ["app/node_modules/a/node_modules/@s/b/package.json", manifest("@s/b", "2.0.0")],
      ["app/node_modules/git/package.json", manifest("git", "1.0.0")],
      ["app/node_modules/stale/package.json", manifest("stale", "1.0.1")],
    ]);
    const hashes = new Map(capture.packages.map(({ name, hash }) => [name, hash]));
    assert.deepEqual(Object.fromEntries(hashes), {
      a: "sha512-AAAA==",
      "@s/b": "sha1-BBBB sha512-CCCC",
      git: undefined,
      stale: undefined,
    });
    assert.deepEqual(capture.npmProjects, []);
  });

  it("takes a hash from the download cache where no hidden lock knows one, and only one tarball is meant", async () => {
    const line = (url: string, integrity: string | null): string =>
      `\n0a1b\t${JSON.stringify({ key: `make-fetch-happen:request-cache:${url}`, integrity, time: 1 })}`;
    const bucket = (at: number): string =>
      `root/.npm/_cacache/index-v5/0a/1b/${String(at).padStart(60, "0")}`;
    const manifest = (name: string): string => JSON.stringify({ name, version: "1.0.0" });
    const capture = await captureOf([
      ...["cli", "two", "gone", "@own/scoped", "other"].map(
        (name) => [`lib/node_modules/${name}/package.json`, manifest(name)] as const,
      ),
      [
        bucket(1),
        line("https://a/cli", "sha512-AAAA") + line("https://a/cli/-/cli-1.0.0.tgz", "sha512-BBBB"),
      ],
      [bucket(2), line("https://a/two/-/two-1.0.0.tgz", "sha512-CCCC")],
      [bucket(3), line("https://b/two/-/two-1.0.0.tgz", "sha512-DDDD")],
      [bucket(4), line("https://a/@own%2fscoped/-/scoped-1.0.0.tgz", "sha512-EEEE")],
      [bucket(5), line("https://a/other/-/other-1.0.1.tgz", "sha512-FFFF")],
      [bucket(6), `no line\n\t{\n${line("https://a/gone/-/gone-1.0.0.tgz", "nonsense")}`],
      [bucket(7), Buffer.alloc(5 * 1024 * 1024)],
    ]);
    assert.deepEqual(capture.detectors["npm"], { state: "found", count: 5 });
    assert.deepEqual(Object.fromEntries(capture.packages.map(({ name, hash }) => [name, hash])), {
      "@own/scoped": "sha512-EEEE",
      cli: "sha512-BBBB",
      gone: undefined,
      other: undefined,
      two: undefined,
    });
  });

  it("finds projects: a lock beside an installed node_modules, in no other one", async () => {
    const capture = await captureOf([
      ["app/node_modules/", DIRECTORY],
      ["app/package-lock.json", '{"lockfileVersion":3}'],
      ["package-lock.json", "{}"],
      ["node_modules/", DIRECTORY],
      ["bare/package-lock.json", "no JSON, no project"],
      ["hidden/node_modules/", DIRECTORY],
      ["hidden/node_modules/.package-lock.json", '{"packages":{}}'],
      ["app/node_modules/x/package-lock.json", "{}"],
      ["app/node_modules/x/node_modules/", DIRECTORY],
    ]);
    assert.deepEqual(capture.npmProjects, [
      { root: "/", lock: "{}" },
      { root: "/app", lock: '{"lockfileVersion":3}' },
    ]);
    assert.deepEqual(capture.detectors["npm"], { state: "absent" });
  });

  it("keeps prototype names as names", async () => {
    const capture = await captureOf([
      [
        "a/node_modules/__proto__/package.json",
        '{"name":"__proto__","version":"1.0.0","__proto__":{"name":"evil"}}',
      ],
      ["a/node_modules/constructor/package.json", '{"__proto__":{"name":"evil","version":"6"}}'],
      [
        "a/node_modules/.package-lock.json",
        '{"packages":{"__proto__":{"version":"1","integrity":"sha512-A"}}}',
      ],
    ]);
    assert.deepEqual(brief(capture), [
      "npm:__proto__@1.0.0 in /a/node_modules",
      "npm:constructor@0.0.0-unversioned in /a/node_modules",
    ]);
    assert.equal(({} as Record<string, unknown>)["name"], undefined);
  });

  it("records a package without name or version by its directory, as Node finds it", async () => {
    const capture = await captureOf([
      ["a/node_modules/@s/x/package.json", '\uFEFF{"version":"1.0.0","name":""}'],
      ["a/node_modules/y/package.json", "{}"],
    ]);
    assert.deepEqual(brief(capture), [
      "npm:@s/x@1.0.0 in /a/node_modules",
      "npm:y@0.0.0-unversioned in /a/node_modules",
    ]);
  });

  it("names an alias by its package.json, and counts a copy of one package in one place once", async () => {
    const capture = await captureOf([
      ["a/node_modules/x/package.json", manifest("x", "1.0.0")],
      ["a/node_modules/x-again/package.json", manifest("x", "1.0.0")],
      ["a/node_modules/x-old/package.json", manifest("x", "0.1.0")],
    ]);
    assert.deepEqual(brief(capture), ["npm:x@0.1.0 in /a/node_modules", "npm:x@1.0.0 in /a/node_modules"]);
    assert.deepEqual(capture.detectors["npm"], { state: "found", count: 2 });
  });

  it("fails by name for damaged files of an installed package or project", async () => {
    const at = "app/node_modules/a/package.json";
    const damaged: [string, string, RegExp][] = [
      [at, '{"name":"a","vers', /is no valid JSON/],
      [at, "", /is no valid JSON/],
      [at, "[]", /is no JSON object/],
      [at, manifest("x".repeat(215), "1"), /name of more than 214 characters/],
      [at, manifest("a", "1".repeat(257)), /version of more than 256 characters/],
      [at, manifest("a", "1\u001b[31m"), /version with blanks or control characters/],
      [at, '{"name":["a"],"version":"1"}', /name that is no string/],
      [at, `{"name":"${"x".repeat(4 * 1024 * 1024)}"}`, /larger than the 4194304 bytes/],
      ["app/node_modules/.package-lock.json", "{", /is no valid JSON/],
      ["app/node_modules/.package-lock.json", "{}", /no object 'packages'/],
      [
        "app/node_modules/.package-lock.json",
        '{"packages":{"x":{"version":"1","integrity":"?"}}}',
        /integrity/,
      ],
      ["app/package-lock.json", '{"packages"', /is no valid JSON/],
      ["app/node_modules/@s/a/node_modules/b/package.json", "{", /is no valid JSON/],
      ["app/node_modules/.pnpm/a@1/node_modules/a/package.json", "{", /is no valid JSON/],
    ];
    for (const [path, content, expected] of damaged) {
      const problems = await problemsOf([
        ["app/node_modules/", DIRECTORY],
        [path, content],
      ]);
      assert.match(problems, /^npm can't say what is installed: "\/app\//, path);
      assert.match(problems, expected, path);
    }
  });

  it("does not fail for fixtures inside a package's own files, but records those that are whole", async () => {
    const fixtures = "app/node_modules/resolve/test/fixture/node_modules";
    const capture = await captureOf([
      ["app/node_modules/resolve/package.json", manifest("resolve", "1.0.0")],
      [`${fixtures}/broken/package.json`, "{"],
      [`${fixtures}/whole/package.json`, manifest("whole", "3.0.0")],
    ]);
    assert.deepEqual(brief(capture), [
      "npm:resolve@1.0.0 in /app/node_modules",
      `npm:whole@3.0.0 in /${fixtures}`,
    ]);
  });

  it("knows an installed place from one inside a package", () => {
    const place = (path: string): boolean | undefined => npmPlace(path)?.installed;
    assert.equal(place("/node_modules/a/package.json"), true);
    assert.equal(place("/n/node_modules/.store/a@1/node_modules/a/package.json"), true);
    assert.equal(place("/n/node_modules/@s/a/node_modules/b/package.json"), true);
    assert.equal(place("/n/node_modules/a/lib/node_modules/b/package.json"), false);
    assert.equal(place("/n/node_modules/node_modules/b/package.json"), false);
    assert.equal(place("/n/node_modules/@s/package.json"), undefined);
    assert.equal(place("/n/my_node_modules/a/package.json"), undefined);
  });
});
