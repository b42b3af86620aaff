import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { LockedPackage } from "../../../../provider/packages/lock/types";
import { npmPins } from "../../../../provider/recipe/pins/npm";
import { NPM_PRELOAD } from "../../../../provider/recipe/pins/npm-preload";
import { runChild, type ChildResult } from "../../../support/child";
import { startNpmRegistry } from "../../../support/npm-registry";

const NPM = [
  process.env.npm_execpath ?? "",
  join(dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js"),
  join(dirname(process.execPath), "node_modules/npm/bin/npm-cli.js"),
].find((file) => file.endsWith("npm-cli.js") && existsSync(file));

interface NpmRun extends ChildResult {
  /** Version of the package in this folder; null when there is none. */
  at(path: string): Promise<string | null>;
}

const locked = (name: string, version: string, hash?: string): LockedPackage => ({
  ecosystem: "npm",
  name,
  version,
  root: "/usr/local/lib/node_modules",
  ...(hash === undefined ? {} : { hash }),
});

describe("the preload of npm", function () {
  this.timeout(60_000);
  let directory: string;
  let registry: Awaited<ReturnType<typeof startNpmRegistry>>;
  let integrity: string;

  before(async () => {
    assert.ok(NPM, "this Node.js has no npm");
    directory = await mkdtemp(join(tmpdir(), "npm-preload-"));
    await writeFile(join(directory, "npm-pins.cjs"), NPM_PRELOAD);
    registry = await startNpmRegistry({ address: "127.0.0.1" });
    for (const version of ["1.0.0", "1.1.0", "2.0.0"]) {
      await registry.publish({ name: "own-lib", version });
      const optionalDependencies = { "own-elsewhere": "*" };
      await registry.publish({
        name: "own-cli",
        version,
        dependencies: { "own-lib": "^1.0.0" },
        manifest: { bin: "index.js", optionalDependencies },
      });
    }
    await registry.publish({ name: "own-elsewhere", version: "1.0.0", manifest: { os: ["aix"] } });
    const body = (await (await fetch(`${registry.url}/own-lib`)).json()) as {
      versions: Record<string, { dist: { integrity: string } }>;
    };
    integrity = body.versions["1.0.0"]?.dist.integrity ?? "";
  });

  after(async () => {
    await registry?.close();
    if (directory) await rm(directory, { recursive: true, force: true });
  });

  /** Runs npm or npx in a new folder, held to these packages; null: without the preload. */
  async function npm(
    pins: LockedPackage[] | string | null,
    words: string[],
    program = "npm",
  ): Promise<NpmRun> {
    const place = await mkdtemp(join(directory, "run-"));
    await mkdir(join(place, "lib"));
    const text = typeof pins === "string" ? pins : npmPins(pins ?? []).join("\n");
    if (text !== "") await writeFile(join(directory, "npm-pins.json"), text);
    else await rm(join(directory, "npm-pins.json"), { force: true });
    const settings = {
      registry: `${registry.url}/`,
      cache: join(place, "cache"),
      prefix: place,
      userconfig: join(place, "npmrc"),
      update_notifier: "false",
      fetch_retries: "0",
      yes: "true",
    };
    const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$)/i.test(name));
    const environment = {
      ...Object.fromEntries(own),
      ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`npm_config_${name}`, value])),
      HOME: place,
      ...(pins === null ? {} : { NODE_OPTIONS: `--require ${join(directory, "npm-pins.cjs")}` }),
    };
    const cli = join(dirname(NPM ?? ""), `${program}-cli.js`);
    const result = await runChild(process.execPath, [cli, ...words], { cwd: place, env: environment });
    return {
      ...result,
      at: async (path) => {
        const file = await readFile(join(place, path, "package.json"), "utf8").catch(() => null);
        return file === null ? null : (JSON.parse(file) as { version: string }).version;
      },
    };
  }
  const global = ["install", "-g", "own-cli"];
  const cli = "lib/node_modules/own-cli";
  const PINS = [locked("own-cli", "1.0.0"), locked("own-lib", "1.0.0")];

  it("holds `npm install -g` to the locked versions, and what it depends on", async () => {
    const result = await npm(PINS, global);
    assert.equal(result.code, 0, result.stderr);
    assert.equal(await result.at(cli), "1.0.0");
    assert.equal(await result.at(`${cli}/node_modules/own-lib`), "1.0.0");
  });

  it("control: without it the same command installs the newest", async () => {
    const result = await npm(null, global);
    assert.equal(await result.at(cli), "2.0.0", result.stderr);
    assert.equal(await result.at(`${cli}/node_modules/own-lib`), "1.1.0");
  });

  it("holds a project without a lock file", async () => {
    const result = await npm(PINS, ["install", "--no-package-lock", "own-cli"]);
    assert.equal(await result.at("node_modules/own-cli"), "1.0.0", result.stderr);
    assert.equal(await result.at("node_modules/own-lib"), "1.0.0");
  });

  it("holds npx, and a tag that has moved on", async () => {
    const before = registry.requests.length;
    const result = await npm(PINS, ["own-cli@latest"], "npx");
    assert.equal(result.code, 0, result.stderr);
    const paths = registry.requests.slice(before).map(({ path }) => path);
    assert.deepEqual([...new Set(paths.filter((path) => path.endsWith(".tgz")))].sort(), [
      "/own-cli/-/own-cli-1.0.0.tgz",
      "/own-lib/-/own-lib-1.0.0.tgz",
    ]);
  });

  it("lets npm choose among several locked versions", async () => {
    const two = [...PINS, locked("own-lib", "2.0.0"), locked("own-cli", "1.1.0")];
    const result = await npm(two, global);
    assert.equal(await result.at(cli), "1.1.0", result.stderr);
    assert.equal(await result.at(`${cli}/node_modules/own-lib`), "1.0.0");
  });

  it("takes only the bytes that the lock has the integrity of", async () => {
    const good = await npm([locked("own-cli", "1.0.0"), locked("own-lib", "1.0.0", integrity)], global);
    assert.equal(good.code, 0, good.stderr);
    const other = `sha512-${Buffer.alloc(64).toString("base64")}`;
    const bad = await npm([locked("own-cli", "1.0.0"), locked("own-lib", "1.0.0", other)], global);
    assert.notEqual(bad.code, 0);
    assert.match(bad.stderr, /npm (?:ERR!|error) code EINTEGRITY/);
  });

  it("installs nothing that the lock does not name, and says so", async () => {
    for (const pins of [[locked("own-cli", "1.0.0")], [...PINS.slice(0, 1), locked("own-lib", "2.0.0")]]) {
      const result = await npm(pins, global);
      assert.notEqual(result.code, 0);
      assert.match(result.stderr, /npm (?:ERR!|error) code EOUTSIDELOCK/);
      assert.match(result.stderr, /npm (?:ERR!|error) outside the lock: own-lib \^1\.0\.0\n/);
      assert.equal(await result.at(cli), null);
    }
  });

  it("leaves it to npm to say that a locked version is gone, or was never there", async () => {
    const gone = await npm([locked("own-cli", "1.0.0"), locked("own-lib", "1.0.1")], global);
    assert.match(gone.stderr, /npm (?:ERR!|error) code (?:ETARGET|ENOVERSIONS)/);
    const never = await npm(PINS, ["install", "-g", "own-cli@9"]);
    assert.match(never.stderr, /npm (?:ERR!|error) code ETARGET/);
    const unknown = await npm(PINS, ["install", "-g", "own-nothing"]);
    assert.match(unknown.stderr, /npm (?:ERR!|error) code E404/);
  });

  it("leaves npm as it was without pins, and with pins that can't be read", async () => {
    for (const pins of ["", "{}", "{", "null"]) {
      const result = await npm(pins, global);
      assert.equal(result.code, 0, result.stderr);
      assert.equal(await result.at(cli), "2.0.0", pins);
    }
  });

  it("does nothing in other programs", async () => {
    await writeFile(join(directory, "npm-pins.json"), npmPins(PINS).join("\n"));
    const script = join(directory, "other.cjs");
    const text = "console.log(/npm-pick-manifest/.test(require('module')._load.toString()))";
    await writeFile(script, text);
    await writeFile(join(directory, "npm"), text);
    const run = async (file: string): Promise<string> =>
      (await runChild(process.execPath, ["--require", join(directory, "npm-pins.cjs"), file])).stdout;
    assert.equal(await run(script), "false\n");
    assert.equal(await run(join(directory, "npm")), "true\n");
  });
});
