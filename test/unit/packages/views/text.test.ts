import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockHash } from "../../../../provider/packages/lock/canonical";
import { makeLock } from "../../../../provider/packages/lock/make";
import { fromIntegrity } from "../../../../provider/packages/views/checksum";
import { isPythonVersion } from "../../../../provider/packages/views/python-version";
import { requirements } from "../../../../provider/packages/views/requirements";
import { sha256sums } from "../../../../provider/store/sha256sums";
import { spdxTime } from "../../../../provider/packages/views/spdx";
import { runChild } from "../../../support/child";
import { lockOf, packageOf } from "../in-short";
import { sampleLock } from "./sample";

describe("requirements", () => {
  it("pins the Python distributions of the image, and nothing else", () => {
    assert.equal(requirements(sampleLock()), "idna==3.10\nsix==1.17.0\n");
  });

  it("names what pip could not read instead of leaving it out silently, on one line", () => {
    const odd = { ...packageOf("pip:odd@1 in /a"), version: "1.0-ubuntu~\n--index-url=evil" };
    const packages = [odd, packageOf("pip:six@1.17.0 in /a")];
    const lock = makeLock({ bases: [], packages, sources: [], unpinned: [] });
    const [first, ...rest] = requirements(lock).split("\n");
    assert.equal(first, "# odd 1.0-ubuntu~\\u{a}--index-url=evil: pip knows no such name or version");
    assert.deepEqual(rest, ["six==1.17.0", ""]);
  });

  it("refuses two versions of one distribution, until one directory is chosen", () => {
    const lock = lockOf("pip:six@1.16.0 in /a", "pip:six@1.17.0 in /b", "pip:idna@3.10 in /b");
    assert.throws(() => requirements(lock), /six is installed twice: 1\.16\.0 in \/a and 1\.17\.0 in \/b/);
    assert.equal(requirements(lock, "/b"), "idna==3.10\nsix==1.17.0\n");
    assert.throws(() => requirements(lock, "/c"), /no Python distribution in \/c; it has some in \/a, \/b/);
  });

  it("says that there are none", () => {
    assert.equal(requirements(lockOf()), "# no Python distributions\n");
  });

  for (const [version, known] of [
    ["1!2.0.post1.dev3+local.7", true],
    ["2.0rc1", true],
    ["0.5.9-1", true],
    ["1.0-ubuntu", false],
    ["1.0 --hash=x", false],
    ["", false],
  ] as const) {
    it(`${known ? "knows" : "does not know"} ${JSON.stringify(version)} as a version`, () => {
      assert.equal(isPythonVersion(version), known);
    });
  }
});

describe("sha256sums", () => {
  it("is what sha256sum --check reads, and finds a changed lock with", async () => {
    const directory = await mkdtemp(join(tmpdir(), "sums-tests-"));
    try {
      const stem = "web-app-20261121T165751089Z";
      const contents = { ".lock": "lock", ".Dockerfile": "locked", ".rough.Dockerfile": "rough" };
      for (const [suffix, text] of Object.entries(contents)) {
        await writeFile(join(directory, `${stem}${suffix}`), text);
      }
      const text = sha256sums({
        name: "web-app",
        timestamp: "20261121T165751089Z",
        lockHash: lockHash("lock"),
        lockedHash: lockHash("locked"),
        recipeHash: lockHash("rough"),
      });
      const check = (): ReturnType<typeof runChild> =>
        runChild("sha256sum", ["--check", "--strict"], { cwd: directory, input: text });
      const good = await check();
      assert.equal(good.code, 0, good.stderr);
      assert.equal(good.stdout.split("\n").filter((line) => line.endsWith(": OK")).length, 3);
      await writeFile(join(directory, `${stem}.lock`), "changed");
      const bad = await check();
      assert.equal(bad.code, 1);
      assert.match(bad.stdout, new RegExp(`^${stem}\\.lock: FAILED$`, "m"));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe("hashes and times of views", () => {
  it("takes the strongest hash of an integrity string, and none that it does not know", () => {
    const sha512 = `sha512-${Buffer.alloc(64, 1).toString("base64")}`;
    const sha1 = `sha1-${Buffer.alloc(20, 2).toString("base64")}`;
    assert.deepEqual(fromIntegrity(`${sha512} ${sha1}`), { algorithm: "SHA-512", hex: "01".repeat(64) });
    assert.deepEqual(fromIntegrity(sha1), { algorithm: "SHA-1", hex: "02".repeat(20) });
    assert.equal(fromIntegrity("md5-AAAA"), null);
  });

  it("writes a build's timestamp as SPDX does", () => {
    assert.equal(spdxTime("20261121T165751089Z-2"), "2026-11-21T16:57:51Z");
  });
});
