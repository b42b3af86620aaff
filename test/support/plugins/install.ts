import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { runChild } from "../child";
import { findPrograms } from "../find-program";
import { bundle, STAND_INS } from "./bundle";
import { sdkVersion } from "./sdk-version";

/** The plugins that components use besides our own resources. */
type PluginName = keyof typeof STAND_INS;
const PLUGINS = Object.keys(STAND_INS) as PluginName[];

/** `real-or-stand-in`: the real plugins where they can be had. */
export type PluginChoice = "real-or-stand-in" | "stand-in";

/** How long a download may take, ms. */
const DOWNLOAD_MS = 120_000;

/**
 * Puts the plugins `docker` and `command` into the plugin cache of a CLI home, where the CLI takes them for installed
 * (on PATH it would warn on every run). A line on standard output tells which they are, once for each.
 *
 * @param home what PULUMI_HOME will be
 */
export async function installPlugins(home: string, choice: PluginChoice): Promise<void> {
  const install = async (name: PluginName): Promise<void> => {
    const version = sdkVersion(`@pulumi/${name}`);
    const real = choice === "stand-in" ? null : await realPlugin(name, version);
    const folder = join(home, "plugins", `resource-${name}-v${version}`);
    const program = join(folder, `pulumi-resource-${name}`);
    await mkdir(folder, { recursive: true });
    if (real === null) await writeStandIn(program, name);
    else await symlink(real, program);
    tell(`plugin  ${name} ${version}: ${real ?? `a stand-in, test/support/plugins/${name}.ts`}`);
  };
  await Promise.all(PLUGINS.map(install));
}

const told = new Set<string>();

function tell(line: string): void {
  if (!told.has(line)) console.log(line);
  told.add(line);
}

async function writeStandIn(program: string, name: PluginName): Promise<void> {
  const words = [process.execPath, await bundle(name)].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  await writeFile(program, `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`);
  await chmod(program, 0o755);
}

const found = new Map<PluginName, Promise<string | null>>();

/** The real plugin's executable: in the user's own plugin cache, else downloaded once; null where neither can be. */
function realPlugin(name: PluginName, version: string): Promise<string | null> {
  const known = found.get(name) ?? findOrDownload(name, version);
  found.set(name, known);
  return known;
}

async function findOrDownload(name: PluginName, version: string): Promise<string | null> {
  const inside = join("plugins", `resource-${name}-v${version}`, `pulumi-resource-${name}`);
  const own = process.env.PULUMI_HOME || join(homedir(), ".pulumi");
  const cache = join(
    process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
    "pulumi-verified-images/plugins",
  );
  const existing = (): string | null =>
    [own, cache].flatMap((home) => findPrograms(inside, home)).at(0) ?? null;
  const [pulumi] = findPrograms("pulumi");
  if (existing() !== null || pulumi === undefined) return existing();
  await runChild(pulumi, ["plugin", "install", "resource", name, version, "--non-interactive"], {
    cwd: tmpdir(),
    env: { ...process.env, PULUMI_HOME: cache, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeoutMs: DOWNLOAD_MS,
  }).catch(() => undefined);
  return existing();
}
