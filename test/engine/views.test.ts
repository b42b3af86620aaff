import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeLock } from "../../provider/packages/lock/make";
import { askIndex, indexUrl } from "../../cli/package-index";
import { pylock, pylockNames } from "../../provider/packages/views/pylock";
import { startPipIndex } from "../support/pip-index";
import { requirements } from "../../provider/packages/views/requirements";
import { spdx } from "../../provider/packages/views/spdx";
import { runChild, type ChildResult } from "../support/child";
import { findPrograms } from "../support/find-program";
import { fileLock, sampleLock, sampleSubject } from "../unit/packages/views/sample";

/** The validators, from their own makers. */
const TOOLS = ["packaging==26.3", "spdx-tools==0.8.5"];

/** Prints each package of a pylock.toml as Python's own library understands it, after its validation. */
const PARSE_LOCK = `
import sys, tomllib
from packaging.pylock import Pylock
lock = Pylock.from_dict(tomllib.load(open(sys.argv[1], "rb")))
lock.validate()
for found in lock.packages:
    print(found.name, found.version, *[wheel.name + " " + wheel.hashes["sha256"] for wheel in found.wheels or []])
`;

/** Prints each requirement of a file as Python's own library understands it. */
const PARSE = `
import sys
from packaging.requirements import Requirement
for line in open(sys.argv[1]):
    if not line.startswith("#"):
        found = Requirement(line.strip())
        print(found.name, next(iter(found.specifier)).version)
`;

describe("views of a lock, by the validators of their formats", function () {
  this.timeout(300_000);
  let directory: string;

  const python = (...args: string[]): Promise<ChildResult> =>
    runChild(join(directory, "venv", "bin", "python"), args);

  before(async function () {
    if (findPrograms("python3").length === 0 && process.env.CI === undefined) this.skip();
    directory = await mkdtemp(join(tmpdir(), "views-tests-"));
    const made = await runChild("python3", ["-m", "venv", join(directory, "venv")]);
    assert.equal(made.code, 0, `python3 -m venv failed: ${made.stdout}${made.stderr}`);
    const filled = await python("-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...TOOLS);
    assert.equal(filled.code, 0, filled.stderr);
  });
  after(async () => {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  });

  async function file(name: string, content: string): Promise<string> {
    const path = join(directory, name);
    await writeFile(path, content);
    return path;
  }

  for (const [name, lock] of [
    ["packages of every kind", sampleLock()],
    ["files only", fileLock()],
    ["nothing", makeLock({ bases: [], packages: [], sources: [], unpinned: [] })],
  ] as const) {
    it(`spdx is valid SPDX 2.3: ${name}`, async () => {
      const document = JSON.stringify(spdx(lock, sampleSubject()));
      const path = await file(`${name.replaceAll(" ", "-")}.spdx.json`, document);
      const { code, stdout, stderr } = await python("-m", "spdx_tools.spdx.clitools.pyspdxtools", "-i", path);
      assert.equal(code, 0, stdout + stderr);
    });
  }

  it("an SPDX document without a package's name is found out", async () => {
    const document = JSON.stringify(spdx(sampleLock(), sampleSubject())).replace('"name":"idna",', "");
    const path = await file("broken.spdx.json", document);
    const { code } = await python("-m", "spdx_tools.spdx.clitools.pyspdxtools", "-i", path);
    assert.notEqual(code, 0);
  });

  it("requirements are what Python's own library reads", async () => {
    const { code, stdout, stderr } = await python(
      "-c",
      PARSE,
      await file("a.txt", requirements(sampleLock())),
    );
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "idna 3.10\nsix 1.17.0\n");
  });

  it("a pylock.toml is valid, with the files of a real index", async () => {
    const index = await startPipIndex();
    try {
      const six = await index.publish({ name: "six", version: "1.17.0" });
      await index.publish({ name: "six", version: "1.18.0" });
      const files = await askIndex(indexUrl(`${index.url}/simple/`, {}), pylockNames(sampleLock()));
      const text = pylock(sampleLock(), files, sampleSubject().tool);
      assert.match(text, /^# idna 3\.10: the index has no file of it with a sha256$/m);
      const { code, stdout, stderr } = await python("-c", PARSE_LOCK, await file("pylock.toml", text));
      assert.equal(code, 0, stderr);
      assert.equal(stdout, `six 1.17.0 ${six.file} ${six.sha256}\n`);

      const none = await file("pylock.none.toml", pylock(sampleLock(), new Map(), sampleSubject().tool));
      assert.equal((await python("-c", PARSE_LOCK, none)).code, 0);
      const broken = await file("pylock.broken.toml", text.replace(/^version = .*$/m, "version = 1"));
      assert.notEqual((await python("-c", PARSE_LOCK, broken)).code, 0);
    } finally {
      await index.close();
    }
  });

  it("requirements are what pip would install", async () => {
    const path = await file("b.txt", requirements(sampleLock()));
    const flags = ["--disable-pip-version-check", "--ignore-installed", "--no-deps", "--dry-run"];
    const { code, stdout, stderr } = await python("-m", "pip", "install", ...flags, "-r", path);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Would install idna-3\.10 six-1\.17\.0/);
  });
});
