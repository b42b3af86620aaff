import { appendFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { discard } from "./discard.mjs";
import { isReachable } from "./download.mjs";
import { BASE_RELEASE } from "./pins.mjs";
import { run } from "./run.mjs";

const REMOVED = [
  "etc/hostname",
  "etc/resolv.conf",
  "usr/share/doc",
  "usr/share/info",
  "usr/share/locale",
  "usr/share/man",
  "var/cache/apt/archives",
  "var/cache/apt/pkgcache.bin",
  "var/cache/apt/srcpkgcache.bin",
  "var/cache/debconf/config.dat-old",
  "var/cache/debconf/templates.dat-old",
  "var/cache/ldconfig/aux-cache",
  "var/lib/apt/lists",
  "var/lib/dpkg/status-old",
  "var/log/alternatives.log",
  "var/log/apt",
  "var/log/bootstrap.log",
  "var/log/dpkg.log",
];
const MADE_AGAIN = ["usr/share/doc", "usr/share/info", "usr/share/locale", "usr/share/man", "var/log/apt"];
const EMPTY_APT = ["var/cache/apt/archives/partial", "var/lib/apt/lists/partial"];

/** Documentation stays out of later installations too, as in the official slim images. */
const NO_DOCUMENTATION = ["doc", "info", "locale", "man"].map((name) => `path-exclude /usr/share/${name}/*`);

/** The archive that debootstrap took its packages from, by the sources.list it wrote. @param {string} written */
export function mirrorOf(written) {
  return /^deb\s+(?:\[[^\]]*\]\s+)?(\S+?)\/?\s/m.exec(written)?.[1] ?? null;
}

/**
 * The lines of sources.list for the suites that were found reachable.
 * @param {string} mirror
 * @param {{updates: boolean, security: boolean}} reachable
 */
export function sourcesList(mirror, { updates, security }) {
  const lines = [`deb ${mirror} ${BASE_RELEASE} main`];
  if (updates) lines.push(`deb ${mirror} ${BASE_RELEASE}-updates main`);
  if (security) lines.push(`deb ${mirror}-security ${BASE_RELEASE}-security main`);
  return `${lines.join("\n")}\n`;
}

/** Takes out what a slim image has no use for and what is a fact of this machine. @param {string} root */
function slim(root) {
  for (const path of REMOVED) rmSync(join(root, path), { recursive: true, force: true });
  for (const path of [...MADE_AGAIN, ...EMPTY_APT]) mkdirSync(join(root, path), { recursive: true });
  for (const name of readdirSync(join(root, "var/log"))) {
    if (name.endsWith(".log")) rmSync(join(root, "var/log", name));
  }
  mkdirSync(join(root, "etc/dpkg/dpkg.cfg.d"), { recursive: true });
  appendFileSync(join(root, "etc/dpkg/dpkg.cfg.d/docker"), `${NO_DOCUMENTATION.join("\n")}\n`);
}

/** Adds the suites of updates to what debootstrap wrote, where the mirror has them. */
async function addSuites(list, signal) {
  const mirror = mirrorOf(readFileSync(list, "utf8"));
  if (mirror === null) return;
  const [updates, security] = await Promise.all([
    isReachable(`${mirror}/dists/${BASE_RELEASE}-updates/Release`, signal),
    isReachable(`${mirror}-security/dists/${BASE_RELEASE}-security/Release`, signal),
  ]);
  writeFileSync(list, sourcesList(mirror, { updates, security }));
}

/**
 * Makes a minimal Debian root file system as a tar archive, its packages' signatures checked.
 * @param {object} options
 * @param {string} options.folder a temporary folder
 * @param {string} options.archive the archive's path
 * @param {string} options.log
 * @param {AbortSignal} options.signal
 * @throws {SetupError}
 */
export async function makeRootArchive({ folder, archive, log, signal }) {
  const root = join(folder, "root");
  const flags = ["--variant=minbase", "--force-check-gpg"];
  try {
    const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin`, LC_ALL: "C" };
    await run("debootstrap", "debootstrap", [...flags, BASE_RELEASE, root], { env, log, signal });
    slim(root);
    await addSuites(join(root, "etc/apt/sources.list"), signal);
    const kernel = ["dev", "proc", "sys"].map((name) => `--exclude=./${name}/*`);
    await run("tar", "tar", ["--numeric-owner", "--sort=name", ...kernel, "-C", root, "-cf", archive, "."], {
      log,
      signal,
    });
  } finally {
    discard(root);
  }
}
