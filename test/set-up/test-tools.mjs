import { rmSync, writeFileSync } from "node:fs";
import { canInstall, install } from "../../scripts/setup/apt.mjs";
import { adminPath, findFirst } from "../../scripts/setup/programs.mjs";
import { SetupError } from "../../scripts/setup/failure.mjs";
import { codeOf } from "../../scripts/setup/files.mjs";

/** Programs that tests call, and the Debian package of each. */
const TOOLS = {
  git: "git",
  gpg: "gnupg",
  ssh: "openssh-client",
  sshd: "openssh-server",
  "docker-registry": "docker-registry",
  skopeo: "skopeo",
  shellcheck: "shellcheck",
};

/** Debian's answer to "may this service be started?" (Debian policy, invoke-rc.d): 101 is no. */
const POLICY = "/usr/sbin/policy-rc.d";

/**
 * Installs packages whose services don't start: tests start the daemons that they need, on loopback. A policy that the
 * machine has already stays as it is.
 * @type {(packages: string[], context: Context) => Promise<void>}
 */
async function installWithoutServices(packages, context) {
  let isOurs = true;
  try {
    writeFileSync(POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755, flag: "wx" });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    isOurs = false;
  }
  try {
    await install(packages, context);
  } finally {
    if (isOurs) rmSync(POLICY, { force: true });
  }
}

/**
 * The programs that only the tests need: those that are there, else Debian's.
 * @type {(context: Context) => Promise<Outcome>}
 * @throws {SetupError} naming what is missing where nothing can be installed
 */
export async function testTools(context) {
  const missing = () =>
    Object.entries(TOOLS).filter(([name]) => findFirst(name, adminPath(context.env)) === null);
  const names = (/** @type {string[][]} */ tools) => tools.map(([name]) => name).join(" and ");
  const detail = Object.keys(TOOLS).join(", ");
  const before = missing();
  if (before.length === 0) return { text: "found", detail };
  const packages = before.map(([, name]) => name);
  const list = packages.join(" ");
  if (!canInstall()) throw new SetupError(`The tests need ${names(before)}: install ${list}.`);
  context.say(`installing ${list} with apt-get`);
  await installWithoutServices(packages, context);
  if (missing().length > 0)
    throw new SetupError(`After the installation of ${list}, ${names(missing())} is still missing.`);
  return { text: `installed ${list}`, detail };
}
