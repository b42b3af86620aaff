import assert from "node:assert/strict";
import { escapedPath, pathText } from "../../../../provider/packages/capture/archive/path-text";
import { captureFileSystem } from "../../../../provider/packages/capture/capture";
import { captureProblems } from "../../../../provider/packages/capture/judge";
import { captureManifest } from "../../../../provider/packages/capture/manifest";
import { each } from "../../../support/each";
import { brief, conda, type Files, gem, npm, problemsOf, streamOf, symlink, tarOf } from "./archive-builder";

/** Stands in an archive for two bytes that are not UTF-8. It is as long as they are. */
const MARK = "\u00e9";

/** An archive with two bytes in the place of each mark, in its extended headers and link targets. */
async function tarWith(bytes: readonly [number, number], files: Files): Promise<Buffer> {
  const archive = await tarOf(files);
  const mark = Buffer.from(MARK);
  for (let at = archive.indexOf(mark); at >= 0; at = archive.indexOf(mark, at)) archive.set(bytes, at);
  return archive;
}

/** Two archives as one. */
const joined = (first: Buffer, second: Buffer): Buffer => Buffer.concat([first.subarray(0, -1024), second]);

describe("the text of a path", () => {
  each("%s becomes %s", [
    ["plain", "plain"],
    ["a b+c@1:~", "a b+c@1:~"],
    ["\u00fc \u4e2d \ud83d\ude00 \ufffd", "\u00fc \u4e2d \ud83d\ude00 \ufffd"],
    ["a\\x0ab", "a\\\\x0ab"],
    ["a\nb\rc\td\x7f", "a\\x0ab\\x0dc\\x09d\\x7f"],
    ["\u0085 \u2028 \u202e \ufeff", "\\xc2\\x85 \\xe2\\x80\\xa8 \\xe2\\x80\\xae \\xef\\xbb\\xbf"],
    ["\u200b", "\\xe2\\x80\\x8b"],
  ])((text, expected) => assert.equal(escapedPath(text), expected));

  each("keeps bytes that are not UTF-8: %j", [
    ["\xff\xfe", "\\xff\\xfe"],
    ["a\x80", "a\\x80"],
    ["\xc3", "\\xc3"],
    ["\xc0\xaf", "\\xc0\\xaf"],
    ["\xed\xa0\x80", "\\xed\\xa0\\x80"],
    ["\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"],
    ["\xc3\xbc\xc3/\xbc", "\u00fc\\xc3/\\xbc"],
  ])((bytes, expected) => assert.equal(pathText(bytes), expected));

  it("is another one for every sequence of up to two bytes", () => {
    const bytes = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));
    const all = [...bytes, ...bytes.flatMap((first) => bytes.map((second) => first + second))];
    assert.equal(new Set(all.map(pathText)).size, all.length);
  });
});

describe("two names that differ only in bytes", () => {
  const package1 = npm(`a${MARK}/node_modules/x`, "1.0.0", "x");
  const package2 = npm(`a${MARK}/node_modules/x`, "2.0.0", "x");

  it("are two packages, in roots that show the bytes", async () => {
    const archive = joined(await tarWith([0xff, 0xfe], package1), await tarWith([0xff, 0xfd], package2));
    const capture = await captureFileSystem(streamOf(archive));
    assert.deepEqual(captureProblems(capture), []);
    const one = "npm:x@1.0.0 in /a\\xff\\xfe/node_modules";
    assert.deepEqual(brief(capture), ["npm:x@2.0.0 in /a\\xff\\xfd/node_modules", one]);
  });

  it("are two files of the manifest, and links show the bytes that they lead to", async () => {
    const files = { [`f${MARK}`]: "1", [`l${MARK}`]: symlink(`/to${MARK}`) };
    const archive = joined(await tarWith([0xff, 0xfe], files), await tarWith([0xff, 0xfd], files));
    const items = await captureManifest(streamOf(archive));
    const found = items.map(({ name, version }) => `${name} ${version.slice(0, 16)}`);
    assert.deepEqual(found, [
      ...["/f\\xff\\xfd sha256:6b86b273f", "/f\\xff\\xfe sha256:6b86b273f"],
      ...["/l\\xff\\xfd link:/to\\xff\\xfd", "/l\\xff\\xfe link:/to\\xff\\xfe"],
    ]);
  });

  it("are known apart where a symbolic link leads to one of them", async () => {
    const link = { [`s${MARK}/node_modules`]: symlink(`/d${MARK}`) };
    const one = await tarWith([0xff, 0xfe], { ...npm(`d${MARK}/x`, "1.0.0", "x"), ...link });
    const other = await tarWith([0xff, 0xfd], npm(`d${MARK}/x`, "2.0.0", "x"));
    const capture = await captureFileSystem(streamOf(joined(other, one)));
    assert.deepEqual(brief(capture), ["npm:x@1.0.0 in /d\\xff\\xfe"]);
  });

  it("are known apart in a problem", async () => {
    const archive = await tarWith([0xff, 0xfe], { [`a${MARK}/node_modules/x/package.json`]: "{" });
    const [problem = ""] = captureProblems(await captureFileSystem(streamOf(archive)));
    const path = "/a\\\\xff\\\\xfe/node_modules/x/package.json";
    assert.equal(problem, `npm can't say what is installed: "${path}" is no valid JSON.`);
  });
});

for (const text of ["\n", "\r\n", "\u2028", "\u0085", "\x1b[31m"])
  it(`a folder is seen whose name has ${JSON.stringify(text)}`, async () => {
    const files = {
      ...npm(`a${text}b/node_modules/x`, "1.0.0", "x"),
      [`v${text}/site-packages/y-1.dist-info/METADATA`]: "Name: y\nVersion: 1\n\n",
      ...gem(`g${text}`, "z", "1"),
      ...conda(`e${text}`, "c", "1", "0"),
    };
    const capture = await captureFileSystem(streamOf(await tarOf(files)));
    const shown = escapedPath(text);
    const packages = [`conda:c@1-0 in /e${shown}`, `gem:z@1 in /g${shown}`];
    const others = [`npm:x@1.0.0 in /a${shown}b/node_modules`, `pip:y@1 in /v${shown}/site-packages`];
    assert.deepEqual(brief(capture).sort(), [...packages, ...others]);
    assert.equal(await problemsOf(files), "");
  });

describe("an archive", () => {
  const header = async (change: (records: string) => string): Promise<Buffer> => {
    const archive = await tarOf({ [`f${MARK}`]: "1" });
    const end = archive.indexOf(0, 512);
    archive.write(change(archive.toString("latin1", 512, end)), 512, "latin1");
    return archive;
  };
  each("is refused for an extended header with %s", [
    ["a length that is none", (records: string) => records.replace(/^\d/, "x")],
    ["a length past its end", (records: string) => records.replace(/^\d/, "9")],
    ["no line end", (records: string) => records.replace("\n", " ")],
    ["no equals sign", (records: string) => records.replace("=", " ")],
  ])(async (_, change) => {
    const refused = /an extended header of the archive is malformed/;
    await assert.rejects(captureFileSystem(streamOf(await header(change))), refused);
  });

  each("is refused for %s, whose name means a deletion to other engines", [
    ["/.wh.a", { ".wh.a": "x" }],
    ["/d/.wh.a", { "d/.wh.a": symlink("x") }],
    ["/d/.wh..wh..opq", { "d/.wh..wh..opq": "" }],
    ["/.wh..wh.plnk", { ".wh..wh.plnk/1.2": "x" }],
    ["/d/.wh.sub", { "d/.wh.sub": { type: "directory" } }],
    ["/d/.wh.\\x0a", { "d/.wh.\n": "x" }],
  ] as const)(async (path, files: Files) => {
    const message =
      `The recipe makes a file named ${JSON.stringify(path)}. Engines read names that begin with '.wh.' as ` +
      "deletions, so another engine would get other files than this one. Rename it, or remove it in the same RUN.";
    const refusal = { name: "CaptureError", code: "capture-whiteout", message };
    await assert.rejects(captureFileSystem(streamOf(await tarOf(files))), refusal);
    await assert.rejects(captureManifest(streamOf(await tarOf(files))), refusal);
  });

  it("is not refused for a name that only looks like that", async () =>
    assert.equal(await problemsOf({ "a.wh.b": "x", ".whiteout": "x", ".wh": "x" }), ""));
});
