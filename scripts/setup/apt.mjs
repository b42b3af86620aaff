import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findFirst } from "./programs.mjs";
import { attempt, run } from "./run.mjs";

/** Two at once wait for each other. Nobody is asked, and no package is removed. */
const APT = ["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold"];
const INSTALL = [...APT, "install", "-y", "--no-install-recommends", "--no-remove"];

/** Whether packages can be installed here: root on a Debian or Ubuntu. */
export function canInstall() {
  const isRoot = process.platform === "linux" && process.getuid?.() === 0;
  return isRoot && findFirst("apt-get", process.env.PATH) !== null;
}

/**
 * Installs Debian packages. A run that has begun is not interrupted, since that would leave dpkg half configured.
 * `whereKnown` are packages that only some releases have.
 * @type {(packages: string[], context: Context, whereKnown?: string[]) => Promise<void>}
 */
export async function install(packages, { env, log }, whereKnown = []) {
  const options = { env: { ...env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" }, log };
  await attempt("apt-get", [...APT, "update"], options);
  await run(`apt-get install ${packages.join(" ")}`, "apt-get", [...INSTALL, ...packages], options);
  for (const name of whereKnown) await attempt("apt-get", [...INSTALL, name], options);
}

/** The Debian mirror that this machine uses, else Debian's own. @param {Context} context */
async function mirror({ env, signal }) {
  const asked = ["indextargets", "--format", "$(REPO_URI)", "Origin: Debian", "Created-By: Packages"];
  const { stdout } = await attempt("apt-get", asked, { env, signal });
  return stdout.split("\n").find((uri) => /\/debian\/?$/.test(uri)) ?? "http://deb.debian.org/debian";
}

/**
 * Unpacks packages of a Debian release into a folder, beside what is installed and without installing anything. Their
 * signatures are checked. The unstable release's list may be past its date, which a mirror that lags behind has too.
 * @type {(packages: string[], release: string, folder: string, context: Context) => Promise<void>}
 */
export async function unpackPackages(packages, release, folder, context) {
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  if (!existsSync(keyring)) await install(["debian-archive-keyring"], context);
  const own = join(folder, "apt");
  const [source, lists, cache] = [join(own, "sources.list"), join(own, "lists"), join(own, "cache")];
  for (const below of [lists, `${cache}/archives`]) mkdirSync(`${below}/partial`, { recursive: true });
  writeFileSync(source, `deb [signed-by=${keyring}] ${await mirror(context)} ${release} main\n`);
  const settings = [`Dir::Etc::SourceList=${source}`, "Dir::Etc::SourceParts=/dev/null"];
  settings.push(`Dir::State::Lists=${lists}`, `Dir::Cache=${cache}`, "Acquire::Languages=none");
  settings.push("Acquire::Check-Valid-Until=false", "APT::Sandbox::User=root");
  const flags = settings.flatMap((setting) => ["-o", setting]);
  const options = { ...context, env: { ...context.env, LC_ALL: "C" }, cwd: own };
  await run(`apt-get update for Debian ${release}`, "apt-get", [...flags, "update"], options);
  await run(`Fetching ${packages.join(" ")}`, "apt-get", [...flags, "download", ...packages], options);
  const files = readdirSync(own).filter((name) => name.endsWith(".deb"));
  for (const file of files) await run(`Unpacking ${file}`, "dpkg-deb", ["-x", file, folder], options);
  rmSync(own, { recursive: true });
}
