import assert from "node:assert/strict";
import { makeLock } from "../../../../provider/packages/lock/make";
import type { Lock, LockedPackage } from "../../../../provider/packages/lock/types";
import { filesOfVersion, indexFiles } from "../../../../provider/packages/views/index-files";
import { pylock, pylockNames } from "../../../../provider/packages/views/pylock";
import { isPythonVersion } from "../../../../provider/packages/views/python-version";
import { requirements } from "../../../../provider/packages/views/requirements";
import { each } from "../../../support/each";
import { lockOf, packageOf, packagesOf } from "../in-short";
import { sampleLock } from "./sample";

const A = "a1".repeat(32);
const lockWith = (...packages: LockedPackage[]): Lock =>
  makeLock({ bases: [], packages, sources: [], unpinned: [] });

describe("requirements", () => {
  it("pins the Python distributions of the image, and nothing else", () =>
    assert.equal(requirements(sampleLock()), "idna==3.10\nsix==1.17.0\n"));

  it("names what pip could not read instead of leaving it out silently, on one line", () => {
    const odd = { ...packageOf("pip:odd@1 in /a"), version: "1.0-ubuntu~\n--index-url=evil" };
    const words = "# odd 1.0-ubuntu~\\u{a}--index-url=evil: pip knows no such name or version";
    assert.equal(requirements(lockWith(odd, packageOf("pip:six@1.17.0 in /a"))), `${words}\nsix==1.17.0\n`);
  });

  it("refuses two versions of one distribution, until one directory is chosen", () => {
    const lock = lockOf("pip:six@1.16.0 in /a", "pip:six@1.17.0 in /b", "pip:idna@3.10 in /b");
    assert.throws(() => requirements(lock), /six is installed twice: 1\.16\.0 in \/a and 1\.17\.0 in \/b/);
    assert.equal(requirements(lock, "/b"), "idna==3.10\nsix==1.17.0\n");
    assert.throws(() => requirements(lock, "/c"), /no Python distribution in \/c; it has some in \/a, \/b/);
  });

  it("says that there are none", () => assert.equal(requirements(lockOf()), "# no Python distributions\n"));

  each("takes %j for a version: %s", [
    ["1!2.0.post1.dev3+local.7", true],
    ["2.0rc1", true],
    ["0.5.9-1", true],
    ["1.0-ubuntu", false],
    ["1.0 --hash=x", false],
    ["", false],
  ])((version, known) => assert.equal(isPythonVersion(version), known));
});

describe("a page of a package index", () => {
  it("is read as HTML and as JSON, without credentials, and without files that have no sha256", () => {
    const BASE = "https://user:secret@index.example/simple/six/";
    const name = "six-1.17.0-py2.py3-none-any.whl";
    const six = { name, url: `https://index.example/files/${name}`, sha256: A };
    const html = `<a data-x="1" href="../../files/${name}#sha256=${A}">six</a>
      <a href='/files/six-1.16.0.tar.gz#md5=00'>old</a><a>none</a>`;
    const whole = { url: `../../files/${name}`, hashes: { sha256: A.toUpperCase() } };
    const json = JSON.stringify({ files: [whole, { url: "x.whl", hashes: {} }, { hashes: null }] });
    const read = [html, json, "{}"].map((page) => indexFiles(page, BASE));
    assert.deepEqual(read, [[six], [six], []]);
    assert.throws(() => indexFiles("{", BASE), SyntaxError);
  });

  const WHEELS = ["a_b-1.0-py3-none-any.whl", "a_b-1.0-1-cp311-cp311-linux_x86_64.whl"];
  const OTHERS = ["a_b-1.0.1-py3-none-any.whl", "a-b-1.0.1.tar.gz", "a_b-1.0.exe"];
  const LOCAL = "t-2.0+cpu.1-cp311-cp311-linux_x86_64.whl";
  each("has the wheels and the sdist of one version, and of no other: %s", [
    ["1.0", WHEELS, "a-b-1.0.tar.gz"],
    ["2.0+cpu.1", [LOCAL], undefined],
    ["2", [], undefined],
  ])((version, wheels, sdist) => {
    const names = [...WHEELS, ...OTHERS, "a-b-1.0.tar.gz", LOCAL];
    const files = names.map((name) => ({ name, url: `https://x.example/${name}`, sha256: A }));
    const found = filesOfVersion(files, version);
    assert.deepEqual([found.wheels.map(({ name }) => name), found.sdist?.name], [wheels, sdist]);
  });
});

describe("pylock", () => {
  const HEAD = 'lock-version = "1.0"\ncreated-by = "tool 1"\n\n';
  const TOOL = { name: "tool", version: "1" };

  it("has each distribution with the index's files, and names what the index does not have", () => {
    const own = { ...packageOf("pip:own@1 in /a"), version: "1\n[[evil]]" };
    const lock = lockWith(...packagesOf("pip:six@1.17.0 in /a", "pip:gone@1 in /a of build"), own);
    const name = "six-1.17.0-py3-none-any.whl";
    const files = new Map([["six", [{ name, url: `https://index.example/"six".whl`, sha256: A }]]]);
    assert.deepEqual(pylockNames(lock), ["own", "six"]);
    const url = 'https://index.example/\\"six\\".whl';
    const wheels = `wheels = [\n  { name = "${name}", url = "${url}", hashes = { sha256 = "${A}" } },\n]\n`;
    const absent = "# own 1\\u{a}[[evil]]: the index has no file of it with a sha256\n";
    const six = `[[packages]]\nname = "six"\nversion = "1.17.0"\n${wheels}`;
    assert.equal(pylock(lock, files, TOOL), absent + HEAD + six);
  });

  it("of no distribution has an empty list", () =>
    assert.equal(pylock(lockOf(), new Map(), TOOL), `${HEAD}packages = []\n`));

  it("asks for no name that could lead elsewhere", () =>
    assert.deepEqual(pylockNames(lockOf("pip:../evil@1 in /a", "pip:fine@1 in /a")), ["fine"]));
});
