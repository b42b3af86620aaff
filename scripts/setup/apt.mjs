import { findFirst } from "./programs.mjs";
import { attempt, run } from "./run.mjs";

/** Two at once wait for each other. Nobody is asked, and no package is removed. */
const APT = ["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold"];
const INSTALL = [...APT, "install", "-y", "--no-install-recommends", "--no-remove"];

/** Whether packages can be installed here: root on a Debian or Ubuntu. */
export function canInstall() {
  return (
    process.platform === "linux" &&
    process.getuid?.() === 0 &&
    findFirst("apt-get", process.env.PATH) !== null
  );
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
