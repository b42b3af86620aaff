import assert from "node:assert/strict";
import {
  newestNpm,
  newestPython,
  pythonFiles,
  type PythonFile,
} from "../../../../provider/packages/upstream/releases";
import { each } from "../../../support/each";

const file = (name: string, more: Partial<PythonFile> = {}): PythonFile => ({
  name,
  yanked: false,
  requires: null,
  ...more,
});
const wheel = (version: string, more: Partial<PythonFile> = {}): PythonFile =>
  file(`own-${version}-py3-none-any.whl`, more);

describe("the newest release of a Python project", () => {
  each("%s", [
    [
      "is the highest version of wheels and sources",
      [wheel("1.9"), file("own-1.10.tar.gz")],
      "1.0",
      "1.10",
      "1.10",
    ],
    ["is none before a release", [wheel("1.1"), wheel("2.0rc1"), wheel("2.0.dev3")], "1.0", "1.1", "1.1"],
    [
      "may be one before a release, where the lock has such a one",
      [wheel("2.0rc2")],
      "2.0rc1",
      "2.0rc2",
      "2.0rc2",
    ],
    ["is none that was yanked", [wheel("1.0"), wheel("1.1", { yanked: true })], "1.0", "1.0", "1.0"],
    [
      "is one for the image's Python",
      [wheel("1.1"), wheel("3.0", { requires: ">=3.12" })],
      "1.0",
      "1.1",
      "1.1",
    ],
    [
      "keeps the major version in the second answer",
      [wheel("1.4"), wheel("2.0"), wheel("2.1")],
      "1.2",
      "2.1",
      "1.4",
    ],
    ["is without one of the locked major version", [wheel("2.0")], "1.2", "2.0", null],
  ] as const)((_, files, locked, newest, compatible) => {
    assert.deepEqual(newestPython(files, locked, "3.11"), { newest, compatible });
  });

  it("is none where nothing fits", () => {
    assert.equal(
      newestPython([wheel("1.0", { yanked: true }), file("own.egg"), file("")], "1.0", null),
      null,
    );
  });

  it("is read from JSON and from HTML alike", () => {
    const json = {
      files: [
        { filename: "own-1.0.tar.gz", "requires-python": ">=3.8,<4", yanked: false },
        { filename: "own-1.1.tar.gz", yanked: "broken" },
      ],
    };
    const html = `<a href="../own-1.0.tar.gz#sha256=00" data-requires-python="&gt;=3.8,&lt;4">own-1.0.tar.gz</a><br>
      <a href="own-1.1.tar.gz" data-yanked="broken">own-1.1.tar.gz</a>`;
    const expected = [
      file("own-1.0.tar.gz", { requires: ">=3.8,<4" }),
      file("own-1.1.tar.gz", { yanked: true }),
    ];
    assert.deepEqual(pythonFiles(JSON.stringify(json)), expected);
    assert.deepEqual(pythonFiles(html), expected);
  });
});

describe("the newest version of an npm package", () => {
  const document = (latest: string | undefined, ...versions: string[]): string =>
    JSON.stringify({
      "dist-tags": latest === undefined ? {} : { latest },
      versions: Object.fromEntries(versions.map((version) => [version, {}])),
    });
  each("%s", [
    [
      "is the one with the tag latest",
      document("2.1.0", "1.2.0", "2.1.0", "3.0.0-rc.1"),
      "1.0.0",
      "2.1.0",
      "1.2.0",
    ],
    ["is not older than the lock's", document("1.0.0", "1.0.0", "2.0.0"), "2.0.0", "2.0.0", "2.0.0"],
    ["has no second answer for what is no version", document("1.0.0", "1.0.0"), "file:x", "1.0.0", null],
  ] as const)((_, body, locked, newest, compatible) => {
    assert.deepEqual(newestNpm(body, locked), { newest, compatible });
  });
  it("is none without that tag", () => assert.equal(newestNpm(document(undefined, "1.0.0"), "1.0.0"), null));
});
