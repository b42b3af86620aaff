import { canInstall, install, withoutServices } from "./apt.mjs";
import { logFile } from "./cache.mjs";
import { SetupError } from "./failure.mjs";
import { findFirst } from "./which.mjs";

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

/** Daemons stand beside the programs that everybody may call, and not on everybody's PATH. */
const SYSTEM_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin";

/**
 * The programs that only the tests need: those that are there, else Debian's.
 * @param {{cache: string}} context
 * @param {(text: string) => void} say
 * @throws {SetupError} naming what is missing where nothing can be installed
 */
export async function testTools({ cache }, say) {
  const missing = () =>
    Object.keys(TOOLS).filter(
      (name) => findFirst(name, `${process.env.PATH ?? ""}:${SYSTEM_FOLDERS}`) === null,
    );
  const detail = Object.keys(TOOLS).join(", ");
  const before = missing();
  if (before.length === 0) return { text: "found", detail };
  const packages = before.map((name) => TOOLS[name]).join(" ");
  if (!canInstall()) throw new SetupError(`The tests need ${before.join(" and ")}: install ${packages}.`);
  say(`installing ${packages} with apt-get`);
  await withoutServices(() => install(packages.split(" "), [], { log: logFile(cache, "test-tools") }));
  const after = missing();
  if (after.length > 0)
    throw new SetupError(`${after.join(" and ")} is still missing after an installation.`);
  return { text: `installed ${packages}`, detail };
}
