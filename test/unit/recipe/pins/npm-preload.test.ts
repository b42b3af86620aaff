import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { npmPins } from "../../../../provider/recipe/pins/npm";
import { NPM_PRELOAD } from "../../../../provider/recipe/pins/npm-preload";
import { runChild, type ChildResult } from "../../../support/child";
import { each } from "../../../support/each";
import { startNpmRegistry } from "../../../support/npm-registry";
import { table } from "../../../support/table";
import { packagesOf } from "../../packages/in-short";

const BESIDE_NODE = ["../lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js"];
const NPM = [
  process.env.npm_execpath ?? "",
  ...BESIDE_NODE.map((path) => join(dirname(process.execPath), path)),
].find((file) => file.endsWith("npm-cli.js") && existsSync(file));
const manifest = z.object({ version: z.string() });
const published = z.object({
  versions: z.record(z.string(), z.object({ dist: z.object({ integrity: z.string() }) })),
});

interface NpmRun extends ChildResult {
  /** Version of a package below the run's folder; null when there is none. */
  at(path: string): Promise<string | null>;
  /** What stands in the run folder's node_modules, in short. */
  installed(): Promise<string[]>;
  lockFile(): Promise<string>;
}

describe("the preload of npm", function () {
  this.timeout(60_000);
  let directory: string;
  let registry: Awaited<ReturnType<typeof startNpmRegistry>>;

  before(async () => {
    assert.ok(NPM, "this Node.js has no npm");
    directory = await mkdtemp(join(tmpdir(), "npm-preload-"));
    registry = await startNpmRegistry({ address: "127.0.0.1" });
    const [dependencies, optionalDependencies] = [{ "own-lib": "^1.0.0" }, { "own-elsewhere": "*" }];
    for (const version of ["1.0.0", "1.1.0", "2.0.0"]) {
      await registry.publish({ name: "own-lib", version });
      const cli = { bin: "index.js", optionalDependencies };
      await registry.publish({ name: "own-cli", version, dependencies, manifest: cli });
    }
    const elsewhere = {
      "own-elsewhere": { os: ["aix"] },
      "own-chip": { cpu: ["mips"] },
      "own-libc": { libc: [existsSync("/etc/alpine-release") ? "glibc" : "musl"] },
      "own-broken": { scripts: { install: "exit 1" } },
      "own-peer": {},
    };
    for (const [name, more] of Object.entries(elsewhere))
      await registry.publish({ name, version: "1.0.0", manifest: more });
    const optional = { "own-peer": { optional: true } };
    const peers = { peerDependencies: { "own-peer": "*" }, peerDependenciesMeta: optional };
    await registry.publish({ name: "own-optional-peer", version: "1.0.0", manifest: peers });
  });
  after(async () => {
    await registry?.close();
    if (directory) await rm(directory, { recursive: true, force: true });
  });

  const textOf = (...shorts: readonly string[]): string => npmPins(packagesOf(...shorts)).join("\n");

  /** Runs npm or npx in a new folder with this text as its pins; null: without the preload. */
  async function npm(
    pins: string | null,
    words: readonly string[],
    program = "npm",
    files: Readonly<Record<string, string>> = {},
  ): Promise<NpmRun> {
    const place = await mkdtemp(join(directory, "run-"));
    for (const [name, text] of Object.entries(files)) await writeFile(join(place, name), text);
    await mkdir(join(place, "lib"));
    const preload = join(place, "npm-pins.cjs");
    await writeFile(preload, NPM_PRELOAD);
    if (pins) await writeFile(join(place, "npm-pins.json"), pins);
    const places = { cache: join(place, "cache"), prefix: place, userconfig: join(place, "npmrc") };
    const calm = { update_notifier: "false", fetch_retries: "0", yes: "true" };
    const settings = Object.entries({ registry: `${registry.url}/`, ...places, ...calm });
    const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$)/i.test(name));
    const env = {
      ...Object.fromEntries([
        ...own,
        ...settings.map(([name, value]) => [`npm_config_${name}`, value] as const),
      ]),
      HOME: place,
      ...(pins === null ? {} : { NODE_OPTIONS: `--require ${preload}` }),
    };
    const cli = join(dirname(NPM ?? ""), `${program}-cli.js`);
    const result = await runChild(process.execPath, [cli, ...words], { cwd: place, env });
    const at = async (path: string): Promise<string | null> => {
      const file = await readFile(join(place, path, "package.json"), "utf8").catch(() => null);
      return file === null ? null : manifest.parse(JSON.parse(file)).version;
    };
    const installed = async (): Promise<string[]> => {
      const names = await readdir(join(place, "node_modules")).catch(() => []);
      const packages = names.filter((name) => !name.startsWith(".")).sort();
      return Promise.all(packages.map(async (name) => `npm:${name}@${await at(`node_modules/${name}`)}`));
    };
    const lockFile = (): Promise<string> => readFile(join(place, "package-lock.json"), "utf8");
    return { ...result, at, installed, lockFile };
  }
  const global = ["install", "-g", "own-cli"];
  const [CLI, LIB] = ["npm:own-cli@1.0.0", "npm:own-lib@1.0.0"];
  const [GLOBAL, INSIDE] = ["lib/node_modules/own-cli", "lib/node_modules/own-cli/node_modules/own-lib"];
  const [LOCAL, BESIDE] = ["node_modules/own-cli", "node_modules/own-lib"];

  // Pins, or "without"; the command; what is there then.
  table()`
    holds \`npm install -g\` to the locked versions, and what it depends on
      ¦ ${textOf(CLI, LIB)} ¦ install -g own-cli ¦ ${GLOBAL} 1.0.0, ${INSIDE} 1.0.0
    control: without it the same command installs the newest
      ¦ without ¦ install -g own-cli ¦ ${GLOBAL} 2.0.0, ${INSIDE} 1.1.0
    holds a project without a lock file
      ¦ ${textOf(CLI, LIB)} ¦ install --no-package-lock own-cli ¦ ${LOCAL} 1.0.0, ${BESIDE} 1.0.0
    lets npm choose among several locked versions
      ¦ ${textOf(CLI, LIB, "npm:own-lib@2.0.0", "npm:own-cli@1.1.0")} ¦ install -g own-cli
      ¦ ${GLOBAL} 1.1.0, ${INSIDE} 1.0.0
    leaves npm as it was with these pins: "" ¦ ¦ install -g own-cli ¦ ${GLOBAL} 2.0.0
    leaves npm as it was with these pins: "{}" ¦ {} ¦ install -g own-cli ¦ ${GLOBAL} 2.0.0
    leaves npm as it was with these pins: "{" ¦ { ¦ install -g own-cli ¦ ${GLOBAL} 2.0.0
    leaves npm as it was with these pins: "null" ¦ null ¦ install -g own-cli ¦ ${GLOBAL} 2.0.0
  `(async (_, pins, words, expected) => {
    const result = await npm(pins === "without" ? null : pins, words.split(" "));
    assert.equal(result.code, 0, result.stderr);
    const paths = expected.split(", ").map((one) => one.replace(/ .*/, ""));
    const found = await Promise.all(paths.map(async (path) => `${path} ${await result.at(path)}`));
    assert.equal(found.join(", "), expected);
  });

  each("installs with a lock file of version %s what npm installs without it", [[1], [2], [3]])(
    async (version) => {
      const names = ["own-elsewhere", "own-chip", "own-libc", "own-broken"];
      const dependencies = { "own-cli": "1.0.0", "own-optional-peer": "1.0.0" };
      const optionalDependencies = Object.fromEntries(names.map((name) => [name, "1.0.0"]));
      const project = { name: "site", version: "1.0.0", dependencies, optionalDependencies };
      const files = { "package.json": JSON.stringify(project) };
      const locking = ["install", "--package-lock-only", "--lockfile-version", String(version)];
      const locked = await npm(null, locking, "npm", files);
      assert.equal(locked.code, 0, locked.stderr);
      const both = { ...files, "package-lock.json": await locked.lockFile() };
      const plain = await npm(null, ["ci"], "npm", both);
      assert.equal(plain.code, 0, plain.stderr);
      const expected = ["npm:own-cli@1.0.0", "npm:own-lib@1.1.0", "npm:own-optional-peer@1.0.0"];
      assert.deepEqual(await plain.installed(), expected);
      const pinned = await npm(textOf(...expected), ["ci"], "npm", both);
      assert.equal(pinned.code, 0, pinned.stderr);
      assert.deepEqual(await pinned.installed(), expected);
    },
  );

  it("holds npx, and a tag that has moved on", async () => {
    const before = registry.requests.length;
    const result = await npm(textOf(CLI, LIB), ["own-cli@latest"], "npx");
    assert.equal(result.code, 0, result.stderr);
    const asked = registry.requests.slice(before).map(({ path }) => path);
    const tarballs = new Set(asked.filter((path) => path.endsWith(".tgz")));
    const expected = ["cli", "lib"].map((name) => `/own-${name}/-/own-${name}-1.0.0.tgz`);
    assert.deepEqual([...tarballs].sort(), expected);
  });

  it("takes only the bytes that the lock has the integrity of", async () => {
    const { versions } = published.parse(await (await fetch(`${registry.url}/own-lib`)).json());
    const good = await npm(textOf(CLI, `${LIB} #${versions["1.0.0"]?.dist.integrity}`), global);
    assert.equal(good.code, 0, good.stderr);
    const bad = await npm(textOf(CLI, `${LIB} #sha512-${Buffer.alloc(64).toString("base64")}`), global);
    assert.notEqual(bad.code, 0);
    assert.match(bad.stderr, /npm (?:ERR!|error) code EINTEGRITY/);
  });

  each("installs nothing that the lock does not name, and says so: %j", [
    [[CLI]],
    [[CLI, "npm:own-lib@2.0.0"]],
  ])(async (pins) => {
    const result = await npm(textOf(...pins), global);
    assert.notEqual(result.code, 0);
    assert.match(result.stderr, /npm (?:ERR!|error) code EOUTSIDELOCK/);
    assert.match(result.stderr, /npm (?:ERR!|error) outside the lock: own-lib \^1\.0\.0\n/);
    assert.equal(await result.at(GLOBAL), null);
  });

  each("leaves it to npm to say of %s that it is gone, or was never there", [
    ["a locked version", [CLI, "npm:own-lib@1.0.1"], "own-cli", /code (?:ETARGET|ENOVERSIONS)/],
    ["another version", [CLI, LIB], "own-cli@9", /code ETARGET/],
    ["a package", [CLI, LIB], "own-nothing", /code E404/],
  ])(async (_, pins, name, message) => {
    const { stderr } = await npm(textOf(...pins), ["install", "-g", name]);
    assert.match(stderr, /npm (?:ERR!|error) /);
    assert.match(stderr, message);
  });

  it("does nothing in other programs", async () => {
    const preload = join(directory, "npm-pins.cjs");
    await writeFile(preload, NPM_PRELOAD);
    await writeFile(join(directory, "npm-pins.json"), textOf(CLI, LIB));
    const said = async (name: string): Promise<string> => {
      const script = join(directory, name);
      await writeFile(script, "console.log(/npm-pick-manifest/.test(require('module')._load.toString()))");
      return (await runChild(process.execPath, ["--require", preload, script])).stdout;
    };
    assert.deepEqual([await said("other.cjs"), await said("npm")], ["false\n", "true\n"]);
  });
});
