import assert from "node:assert/strict";
import { npmDetector } from "../../../../provider/packages/capture/npm/detector";
import { npmPlace } from "../../../../provider/packages/capture/npm/paths";
import { each } from "../../../support/each";
import { table } from "../../../support/table";
import { answerFor, answerOf, captureOf, DIRECTORY, type Files, filesOf, notUtf8 } from "./archive-builder";
import { itReads } from "./database-file";

const APP = "app/node_modules";

/** The hashes of what is found, by name. */
async function hashesOf(...systems: Files[]): Promise<Record<string, string | undefined>> {
  const { packages } = await captureOf(...systems);
  return Object.fromEntries(packages.map(({ name, hash }) => [name, hash]));
}

describe("the npm detector", () => {
  const OUTSIDE = [
    "app",
    `${APP}/a/dist`,
    `${APP}/@s/a/esm`,
    `${APP}/.bin`,
    `${APP}/.old-abc`,
    "usr/share/nodejs/a",
  ];
  const NO_PACKAGES = OUTSIDE.map((folder) => `${folder} has npm:no@1`).join("; ");
  const FIXTURES = "node_modules/resolve/test/fixture/node_modules";
  table()`
    finds packages at full depth: global, project, scoped, nested, pnpm
      ¦ usr/local/lib/node_modules/npm has npm:npm@10.0.0; app/node_modules/a has npm:a@1.0.0;
        usr/local/lib/node_modules/npm/node_modules/@npmcli/arborist has npm:@npmcli/arborist@7.0.0;
        app/node_modules/a/node_modules/b has npm:b@2.0.0;
        app/node_modules/a/node_modules/@s/c/node_modules/a has npm:a@0.9.0;
        pn/node_modules/.pnpm/@pnpm+x@1.0.0/node_modules/@pnpm/x has npm:@pnpm/x@1.0.0
      ¦ a@1.0.0 in /app/node_modules, b@2.0.0 in /app/node_modules/a/node_modules,
        a@0.9.0 in /app/node_modules/a/node_modules/@s/c/node_modules,
        @pnpm/x@1.0.0 in /pn/node_modules/.pnpm/@pnpm+x@1.0.0/node_modules,
        npm@10.0.0 in /usr/local/lib/node_modules,
        @npmcli/arborist@7.0.0 in /usr/local/lib/node_modules/npm/node_modules
    leaves out files deeper inside a package, dot directories, and what is in no node_modules
      ¦ ${NO_PACKAGES}; ${APP}/.cache/x/package.json: {; ${APP}/.cache/node_modules/x/package.json: { ¦
    keeps prototype names as names
      ¦ ${APP}/__proto__/package.json: {"name":"__proto__","version":"1.0.0","__proto__":{"name":"evil"}};
        ${APP}/constructor/package.json: {"__proto__":{"name":"evil","version":"6"}};
        ${APP}/.package-lock.json: {"packages":{"__proto__":{"version":"1","integrity":"sha512-A"}}}
      ¦ __proto__@1.0.0 in /app/node_modules, constructor@0.0.0-unversioned in /app/node_modules
    records a package without name or version by its directory, as Node finds it
      ¦ ${APP}/@s/x/package.json: ${'\uFEFF{"version":"1.0.0","name":""}'}; ${APP}/y/package.json: {}
      ¦ @s/x@1.0.0 in /app/node_modules, y@0.0.0-unversioned in /app/node_modules
    names an alias by its package.json, and counts a copy of one package in one place once
      ¦ ${APP}/x has npm:x@1.0.0; ${APP}/x-again has npm:x@1.0.0; ${APP}/x-old has npm:x@0.1.0
      ¦ x@0.1.0 in /app/node_modules, x@1.0.0 in /app/node_modules
    does not fail for fixtures inside a package's own files, but records those that are whole
      ¦ ${APP}/resolve has npm:resolve@1.0.0; app/${FIXTURES}/broken/package.json: {;
        app/${FIXTURES}/whole has npm:whole@3.0.0
      ¦ resolve@1.0.0 in /app/node_modules, whole@3.0.0 in /app/${FIXTURES}
  `(async (_, files, packages) => {
    const expected = answerFor(packages && packages.replace(/^|(?<=, )/g, "npm:"));
    assert.deepEqual(await answerOf("npm", filesOf(files)), expected);
    assert.equal(({} as Record<string, unknown>)["name"], undefined);
  });

  it("takes a hash from the hidden lock where it speaks of the version that is there", async () => {
    const packages = {
      "node_modules/a": { version: "1.0.0", integrity: "sha512-AAAA==" },
      "node_modules/a/node_modules/@s/b": { version: "2.0.0", integrity: "sha1-BBBB sha512-CCCC" },
      "node_modules/stale": { version: "1.0.0", integrity: "sha512-DDDD" },
      "node_modules/git": { version: "1.0.0", resolved: "git+ssh://x" },
      "": null,
    };
    const installed = filesOf(
      `a has npm:a@1.0.0; a/node_modules/@s/b has npm:@s/b@2.0.0; git has npm:git@1.0.0;
      stale has npm:stale@1.0.1`,
      `${APP}/`,
    );
    const hidden = { [`${APP}/.package-lock.json`]: JSON.stringify({ lockfileVersion: 3, packages }) };
    const files = [hidden, installed];
    const known = { a: "sha512-AAAA==", "@s/b": "sha1-BBBB sha512-CCCC" };
    assert.deepEqual(await hashesOf(...files), { ...known, git: undefined, stale: undefined });
    assert.deepEqual((await captureOf(...files)).npmProjects, []);
  });

  it("takes a hash from the download cache where no hidden lock knows one, and only one tarball is meant", async () => {
    const line = (url: string, integrity: string | null): string =>
      `\n0a1b\t${JSON.stringify({ key: `make-fetch-happen:request-cache:${url}`, integrity, time: 1 })}`;
    const buckets = [
      line("https://a/cli", "sha512-AAAA") + line("https://a/cli/-/cli-1.0.0.tgz", "sha512-BBBB"),
      line("https://a/two/-/two-1.0.0.tgz", "sha512-CCCC"),
      line("https://b/two/-/two-1.0.0.tgz", "sha512-DDDD"),
      line("https://a/@own%2fscoped/-/scoped-1.0.0.tgz", "sha512-EEEE"),
      line("https://a/other/-/other-1.0.1.tgz", "sha512-FFFF"),
      `no line\n\t{\n${line("https://a/gone/-/gone-1.0.0.tgz", "nonsense")}`,
      Buffer.alloc(5 * 1024 * 1024),
    ].map((content, at) => ({
      [`root/.npm/_cacache/index-v5/0a/1b/${String(at).padStart(60, "0")}`]: content,
    }));
    const names = ["cli", "two", "gone", "@own/scoped", "other"];
    const installed = names.map((name) => filesOf(`${name} has npm:${name}@1.0.0`, "lib/node_modules/"));
    const hashes = await hashesOf(...installed, ...buckets);
    const unknown = { gone: undefined, other: undefined, two: undefined };
    assert.deepEqual(hashes, { "@own/scoped": "sha512-EEEE", cli: "sha512-BBBB", ...unknown });
  });

  it("finds projects: a lock beside an installed node_modules, in no other one", async () => {
    const capture = await captureOf(
      filesOf(
        `app/node_modules/; app/package-lock.json: {"lockfileVersion":3}; package-lock.json: {};
        node_modules/; bare/package-lock.json: no JSON, no project; hidden/node_modules/;
        hidden/node_modules/.package-lock.json: {"packages":{}}; app/node_modules/x/package-lock.json: {};
        app/node_modules/x/node_modules/`,
      ),
    );
    const app = { root: "/app", lock: '{"lockfileVersion":3}' };
    assert.deepEqual(capture.npmProjects, [{ root: "/", lock: "{}" }, app]);
    assert.deepEqual(capture.detectors["npm"], { state: "absent" });
  });

  each("knows an installed place from one inside a package: %s", [
    ["/node_modules/a/package.json", true],
    ["/n/node_modules/.store/a@1/node_modules/a/package.json", true],
    ["/n/node_modules/@s/a/node_modules/b/package.json", true],
    ["/n/node_modules/a/lib/node_modules/b/package.json", false],
    ["/n/node_modules/node_modules/b/package.json", false],
    ["/n/node_modules/@s/package.json", undefined],
    ["/n/my_node_modules/a/package.json", undefined],
  ])((path, installed) => assert.equal(npmPlace(path)?.installed, installed));

  const NO_JSON = /is no valid JSON/;
  itReads(npmDetector, {
    path: `${APP}/a/package.json`,
    whole: '{"name":"a","version":"1.0.0"}',
    damaged: [
      ["empty", "", NO_JSON],
      ["cut", '{"name":"a","vers', NO_JSON],
      ["no object", "[]", /is no JSON object/],
      ["with a long name", `{"name":"${"x".repeat(215)}"}`, /name of more than 214 characters/],
      ["with a long version", `{"version":"${"1".repeat(257)}"}`, /version of more than 256 characters/],
      ["with a control character", '{"version":"1\\u001b[31m"}', /version with blanks or control characters/],
      ["with a list as name", '{"name":["a"],"version":"1"}', /name that is no string/],
      ["with an object as name", '{"name":{"a":1},"version":"1.0.0"}', /name that is no string/],
      ["with a number as version", '{"name":"a","version":1}', /version that is no string/],
      ["with a name that is not UTF-8", notUtf8('{"name":"', '","version":"1.0.0"}'), /not UTF-8/],
      ["with a version that is not UTF-8", notUtf8('{"name":"a","version":"1', '"}'), /not UTF-8/],
      ["too large", `{"name":"${"x".repeat(4 * 1024 * 1024)}"}`, /larger than the 4194304 bytes/],
    ],
  });
  for (const place of [`${APP}/@s/a/node_modules/b`, `${APP}/.pnpm/a@1/node_modules/a`])
    itReads(npmDetector, { path: `${place}/package.json`, whole: "{}", damaged: [["cut", "{", NO_JSON]] });
  itReads(npmDetector, {
    path: `${APP}/.package-lock.json`,
    whole: '{"packages":{}}',
    damaged: [
      ["empty", "", NO_JSON],
      ["cut", '{"packages":{', NO_JSON],
      ["without packages", "{}", /no object 'packages'/],
      ["with packages of the wrong type", '{"packages":[]}', /no object 'packages'/],
      ["with a sum that is none", '{"packages":{"x":{"version":"1","integrity":"?"}}}', /integrity/],
      ["not UTF-8", notUtf8('{"packages":{"', '":{}}}'), /not UTF-8/],
    ],
  });
  itReads(npmDetector, {
    path: "app/package-lock.json",
    whole: "{}",
    beside: { [APP]: DIRECTORY },
    damaged: [
      ["empty", "", NO_JSON],
      ["cut", '{"packages":{', NO_JSON],
      ["not UTF-8", notUtf8('{"a":"', '"}'), /not UTF-8/],
    ],
  });
});
