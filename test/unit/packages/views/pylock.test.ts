import assert from "node:assert/strict";
import { makeLock } from "../../../../provider/packages/lock/make";
import { filesOfVersion, indexFiles } from "../../../../provider/packages/views/index-files";
import { pylock, pylockNames } from "../../../../provider/packages/views/pylock";
import { lockOf, packageOf, packagesOf } from "../in-short";

const A = "a1".repeat(32);
const BASE = "https://user:secret@index.example/simple/six/";
const TOOL = { name: "tool", version: "1" };

describe("a page of a package index", () => {
  it("is read as HTML and as JSON, without credentials, and without files that have no sha256", () => {
    const six = {
      name: "six-1.17.0-py2.py3-none-any.whl",
      url: "https://index.example/files/six-1.17.0-py2.py3-none-any.whl",
      sha256: A,
    };
    const html = `<a data-x="1" href="../../files/six-1.17.0-py2.py3-none-any.whl#sha256=${A}">six</a>
      <a href='/files/six-1.16.0.tar.gz#md5=00'>old</a><a>none</a>`;
    assert.deepEqual(indexFiles(html, BASE), [six]);
    const url = "../../files/six-1.17.0-py2.py3-none-any.whl";
    const files = [
      { url, hashes: { sha256: A.toUpperCase() } },
      { url: "x.whl", hashes: {} },
      { hashes: null },
    ];
    assert.deepEqual(indexFiles(JSON.stringify({ files }), BASE), [six]);
    assert.deepEqual(indexFiles("{}", BASE), []);
    assert.throws(() => indexFiles("{", BASE), SyntaxError);
  });

  it("has the wheels and the sdist of one version, and of no other", () => {
    const named = (...names: string[]): { name: string; url: string; sha256: string }[] =>
      names.map((name) => ({ name, url: `https://x.example/${name}`, sha256: A }));
    const files = named(
      "a_b-1.0-py3-none-any.whl",
      "a_b-1.0-1-cp311-cp311-linux_x86_64.whl",
      "a_b-1.0.1-py3-none-any.whl",
      "a-b-1.0.tar.gz",
      "a-b-1.0.1.tar.gz",
      "a_b-1.0.exe",
    );
    const { wheels, sdist } = filesOfVersion(files, "1.0");
    assert.deepEqual(wheels, files.slice(0, 2));
    assert.equal(sdist, files[3]);
    const local = filesOfVersion(named("t-2.0+cpu.1-cp311-cp311-linux_x86_64.whl"), "2.0+cpu.1");
    assert.equal(local.wheels.length, 1);
    assert.deepEqual(filesOfVersion(files, "2"), { wheels: [], sdist: null });
  });
});

describe("pylock", () => {
  it("has each distribution with the index's files, and names what the index does not have", () => {
    const packages = [
      ...packagesOf("pip:six@1.17.0 in /a", "pip:gone@1 in /a of build"),
      { ...packageOf("pip:own@1 in /a"), version: "1\n[[evil]]" },
    ];
    const lock = makeLock({ bases: [], packages, sources: [], unpinned: [] });
    const url = `https://index.example/"six".whl`;
    const files = new Map([["six", [{ name: "six-1.17.0-py3-none-any.whl", url, sha256: A }]]]);
    assert.deepEqual(pylockNames(lock), ["own", "six"]);
    assert.equal(
      pylock(lock, files, TOOL),
      [
        "# own 1\\u{a}[[evil]]: the index has no file of it with a sha256",
        'lock-version = "1.0"',
        'created-by = "tool 1"',
        "",
        "[[packages]]",
        'name = "six"',
        'version = "1.17.0"',
        "wheels = [",
        `  { name = "six-1.17.0-py3-none-any.whl", url = "https://index.example/\\"six\\".whl", hashes = { sha256 = "${A}" } },`,
        "]",
        "",
      ].join("\n"),
    );
  });

  it("of no distribution has an empty list", () =>
    assert.equal(
      pylock(lockOf(), new Map(), TOOL),
      'lock-version = "1.0"\ncreated-by = "tool 1"\n\npackages = []\n',
    ));

  it("asks for no name that could lead elsewhere", () =>
    assert.deepEqual(pylockNames(lockOf("pip:../evil@1 in /a", "pip:fine@1 in /a")), ["fine"]));
});
