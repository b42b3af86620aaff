import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../../cli/run";
import { canonicalLock } from "../../../provider/packages/lock/canonical";
import { makeLock } from "../../../provider/packages/lock/make";
import type { LockedPackage } from "../../../provider/packages/lock/types";
import { startAptArchive, type AptSpec } from "../../support/apt-archive";
import type { Archive } from "../../support/archive";
import { startNpmRegistry, type NpmSpec } from "../../support/npm-registry";
import { startPipIndex, type PipSpec } from "../../support/pip-index";

const LOCAL = { address: "127.0.0.1" };
const SITE = "/opt/venv/lib/python3.11/site-packages";

describe("verified-images outdated", () => {
  let directory: string;
  let [apt, pip, npm]: [Archive<AptSpec>?, Archive<PipSpec>?, Archive<NpmSpec>?] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "outdated-tests-"));
    [apt, pip, npm] = await Promise.all([
      startAptArchive(LOCAL),
      startPipIndex(LOCAL),
      startNpmRegistry(LOCAL),
    ]);
  });
  afterEach(async () => {
    await Promise.all([apt?.close(), pip?.close(), npm?.close()]);
    await rm(directory, { recursive: true, force: true });
  });

  const PACKAGES: LockedPackage[] = [
    { ecosystem: "dpkg", name: "own-deb", version: "1.9-1" },
    { ecosystem: "dpkg", name: "own-same", version: "1.0" },
    { ecosystem: "pip", name: "own-lib", version: "1.0", root: SITE },
    { ecosystem: "npm", name: "@own/tool", version: "1.0.0", root: "/usr/lib/node_modules" },
    { ecosystem: "gem", name: "rake", version: "13.0", root: "/var/lib/gems/3.1.0" },
  ];

  async function publish(): Promise<void> {
    for (const [name, version] of [
      ["own-deb", "1.10-1"],
      ["own-deb", "1.9-1"],
      ["own-same", "1.0"],
    ] as const)
      await apt?.publish({ name, version });
    for (const version of ["1.0", "1.1", "2.0", "3.0rc1"]) await pip?.publish({ name: "own-lib", version });
    for (const version of ["1.0.0", "1.4.0", "2.0.0"]) await npm?.publish({ name: "@own/tool", version });
  }

  async function ran(
    more: readonly string[] = [],
    packages = PACKAGES,
  ): Promise<{ code: number; out: string; err: string }> {
    const sources = [{ ecosystem: "dpkg" as const, entry: apt?.sourceLine ?? "" }];
    await writeFile(
      join(directory, "web.lock"),
      canonicalLock(makeLock({ bases: [], packages, sources, unpinned: [] })),
    );
    const said = { out: "", err: "" };
    const out = (text: string): void => void (said.out += text);
    const err = (text: string): void => void (said.err += text);
    const where = ["--index", `${pip?.url}/simple/`, "--registry", `${npm?.url}/`];
    const words = ["outdated", "./web.lock", "--architecture", "amd64", ...where, ...more];
    return { code: await runCommand(words, { env: {}, directory, out, err }), ...said };
  }

  it("lists what has a newer version, from real archives, and counts the rest", async () => {
    await publish();
    const { code, out, err } = await ran();
    assert.equal(err, "");
    assert.equal(
      out,
      [
        "./web.lock is of unknown age: 3 packages have a newer version, 1 has none, 1 of other kinds were not looked up",
        "PACKAGE        LOCKED  SAME MAJOR  NEWEST",
        "dpkg:own-deb   1.9-1   -           1.10-1",
        "pip:own-lib    1.0     1.1         2.0",
        "npm:@own/tool  1.0.0   1.4.0       2.0.0",
        "",
      ].join("\n"),
    );
    assert.equal(code, 1);
  });

  it("downloads no package", async () => {
    await publish();
    await ran();
    const asked = [apt, pip, npm].flatMap((archive) => archive?.requests.map(({ path }) => path) ?? []);
    assert.ok(asked.length > 0);
    assert.deepEqual(
      asked.filter((path) => /\.(?:deb|whl|tgz)$/.test(path)),
      [],
    );
  });

  it("ends with 0 where nothing is newer, and says how old the lock's last commit is", async () => {
    await publish();
    const packages = PACKAGES.filter(({ name }) => name === "own-same");
    await ran([], packages);
    const git = (...args: string[]): Buffer =>
      execFileSync("git", ["-C", directory, "-c", "user.name=a", "-c", "user.email=a@b.c", ...args], {
        env: { ...process.env, GIT_COMMITTER_DATE: new Date(Date.now() - 9.5 * 86_400_000).toISOString() },
      });
    git("init", "--quiet");
    git("add", "web.lock");
    git("commit", "--quiet", "--message", "lock");
    const { code, out } = await ran([], packages);
    assert.deepEqual(
      [code, out],
      [0, "./web.lock is 9 days old: 0 packages have a newer version, 1 has none\n"],
    );
    const { out: json } = await ran(["--json"], packages);
    const same = { name: "dpkg:own-same", locked: "1.0", newest: "1.0", compatible: null, why: null };
    const counts = { newer: 0, newest: 1, cantTell: 0, notAsked: 0 };
    assert.deepEqual(JSON.parse(json), { name: "./web.lock", ageInDays: 9, ...counts, packages: [same] });
  });

  it("says what it could not tell, and why: archives out of order, packages that are nowhere", async () => {
    await publish();
    apt?.answerWith(503);
    npm?.answerWith(401);
    const { code, out } = await ran(
      [],
      [...PACKAGES, { ecosystem: "pip", name: "own-none", version: "1.0", root: SITE }],
    );
    assert.equal(code, 1);
    assert.match(out, /: 1 package has a newer version, 0 have none, could not tell of 4, 1 of other kinds/);
    const archive = `the archive ${apt?.url}/ stable could not be read: ${apt?.url}/dists/stable/Release answers with 503`;
    assert.ok(out.includes(`could not tell of dpkg:own-deb and 1 other: ${archive}\n`), out);
    assert.ok(out.includes(`could not tell of npm:@own/tool: ${npm?.url}/ answers with 401\n`), out);
    assert.ok(out.includes(`could not tell of pip:own-none: ${pip?.url}/simple/ does not have it\n`), out);
  });

  it("ends in time where an archive does not answer", async () => {
    await publish();
    await pip?.close();
    const { code, out } = await ran(["--timeout", "30"]);
    assert.equal(code, 1);
    assert.match(out, /could not tell of pip:own-lib: http:\S+ can't be asked: .*ECONNREFUSED/);
  });

  it("refuses an address that is none, before it asks anybody", async () => {
    const { code, err } = await ran(["--registry", "npm"]);
    assert.equal(code, 2);
    assert.match(err, /--registry: expected the http\(s\) address of an npm registry/);
    assert.equal((await ran(["--timeout", "0"])).code, 2);
  });
});
