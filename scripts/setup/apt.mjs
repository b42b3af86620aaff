import { rmSync, writeFileSync } from "node:fs";
import { attempt, run } from "./run.mjs";
import { findFirst } from "./which.mjs";

/** Whether packages can be installed here: root on a Debian or Ubuntu. */
export function canInstall() {
  return process.platform === "linux" && process.getuid?.() === 0 && findFirst("apt-get") !== null;
}

/** Which of some packages apt knows. @param {string[]} packages @param {{log: string}} options */
async function known(packages, { log }) {
  const result = await attempt("apt-cache", ["policy", ...packages], { env: environment(), log });
  return packages.filter((name) => {
    const section = result.stdout.split(/^(?=\S)/m).find((text) => text.startsWith(`${name}:`)) ?? "";
    return /Candidate: (?!\(none\))/.test(section);
  });
}

function environment() {
  return { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
}

/**
 * Installs Debian packages without questions and without removing any. A run that has begun is not interrupted, since
 * that would leave dpkg half configured; the package lists are renewed when a package is unknown or gone from the mirror.
 * @param {string[]} packages
 * @param {string[]} whereKnown packages that only some releases have
 * @param {{log: string}} options
 * @throws {SetupError}
 */
export async function install(packages, whereKnown, { log }) {
  const env = environment();
  const update = () => attempt("apt-get", ["-o", "DPkg::Lock::Timeout=300", "update"], { env, log });
  let updated = false;
  if ((await known(packages, { log })).length < packages.length) {
    await update();
    updated = true;
  }
  const attemptArgs = async () => {
    const names = [...packages, ...(await known(whereKnown, { log }))];
    const options = ["-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Options::=--force-confold"];
    return [...options, "install", "-y", "--no-install-recommends", "--no-remove", ...names];
  };
  if (!updated) {
    if ((await attempt("apt-get", await attemptArgs(), { env, log })).ok) return;
    await update();
  }
  await run(`apt-get install ${packages.join(" ")}`, "apt-get", await attemptArgs(), { env, log });
}

/** Debian's answer to "may this service be started?" (Debian policy, invoke-rc.d): 101 is no. */
const POLICY = "/usr/sbin/policy-rc.d";

/**
 * Does work while packages that are installed start no services: tests start the daemons that they need, on loopback.
 * A policy that the machine has already stays as it is.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withoutServices(work) {
  try {
    writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755, flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    return work();
  }
  try {
    return await work();
  } finally {
    rmSync(POLICY, { force: true });
  }
}
