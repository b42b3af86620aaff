import { canInstall, installWithoutServices } from "./apt.mjs";
import { adminPath, findFirst } from "./programs.mjs";
import { SetupError } from "./failure.mjs";

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
