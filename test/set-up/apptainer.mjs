import { appendFileSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { canInstall, install, unpackPackages } from "../../scripts/setup/apt.mjs";
import { makeOnce } from "../../scripts/setup/cache.mjs";
import { SetupError } from "../../scripts/setup/failure.mjs";
import { readText, writeLink } from "../../scripts/setup/files.mjs";
import { PLATFORM } from "../../scripts/setup/pins.mjs";
import { findAll, findFirst, isAtLeast, shortVersion } from "../../scripts/setup/programs.mjs";
import { stateFolder } from "../../scripts/setup/project.mjs";
import { attempt, run } from "../../scripts/setup/run.mjs";
import { forTests } from "./builder.mjs";

/** The oldest that the package works with. */
const OLDEST = "1.1.0";

/** What the engine calls to read images and to build as an ordinary user, and the Debian package of each. */
const HELPERS = { unsquashfs: "squashfs-tools", newuidmap: "uidmap" };

/** Of Debian sid: the engine, and libraries that are newer than those of this machine. */
const PACKAGES = ["apptainer", "libc6", "libsqlite3-0", "libseccomp2"];

/** The number of user IDs that a build may map (subuid(5)). */
const RANGE = "root:200000:65536";

/** The first Apptainer on PATH that is new enough. @type {(context: Context) => Promise<{path: string, version: string} | null>} */
async function onPath(context) {
  const paths = ["apptainer", "singularity"].flatMap((name) => findAll(name, context.env.PATH));
  for (const path of paths) {
    const { ok, stdout } = await attempt(path, ["--version"], { ...context, timeout: 20_000 });
    if (ok && stdout.startsWith("apptainer version") && isAtLeast(stdout, OLDEST))
      return { path, version: shortVersion(stdout) };
    context.say(`passed over: ${path} is no Apptainer ${OLDEST} or newer`);
  }
  return null;
}

/**
 * Makes the programs of a folder use the libraries that lie beside them, and puts what they look for relative to
 * themselves where they look for it.
 * @type {(folder: string, root: string, context: Context) => Promise<void>}
 */
async function makeMovable(folder, root, context) {
  const machine = process.arch === "x64" ? "x86_64" : "aarch64";
  const loader = process.arch === "x64" ? "ld-linux-x86-64.so.2" : "ld-linux-aarch64.so.1";
  const libraries = join(root, "usr", "lib", `${machine}-linux-gnu`);
  const starter = join("usr", "lib", `${machine}-linux-gnu`, "apptainer", "bin", "starter");
  for (const program of [join("usr", "bin", "apptainer"), starter]) {
    const flags = ["--set-interpreter", join(libraries, loader), "--force-rpath", "--set-rpath", libraries];
    await run(`Patching ${program}`, "patchelf", [...flags, join(folder, program)], context);
  }
  symlinkSync(join("..", "etc"), join(folder, "usr", "etc"));
  symlinkSync(join("..", "..", "etc"), join(folder, "usr", "lib", "etc"));
  for (const below of [join("lib", "var"), "var"])
    mkdirSync(join(folder, "usr", below, "lib", "apptainer", "mnt", "session"), { recursive: true });
}

/** Apptainer of Debian sid, unpacked into the cache beside what is installed. @type {(context: Context) => Promise<string>} */
async function unpacked(context) {
  const key = `apptainer/debian-sid-${PLATFORM}`;
  const root = await makeOnce(context.cache, key, async (folder) => {
    if (!findFirst("patchelf", context.env.PATH)) await install(["patchelf"], context);
    context.say(`unpacking Apptainer of Debian sid (log: ${context.log})`);
    await unpackPackages(PACKAGES, "sid", folder, context);
    await makeMovable(folder, join(context.cache, key), context);
  });
  return join(root, "usr", "bin", "apptainer");
}

/** Lets root map user IDs, as every ordinary user of today may. Only asked where a machine withholds root's own powers. */
function allowRanges() {
  for (const file of ["/etc/subuid", "/etc/subgid"])
    if (!/^root:/m.test(readText(file) ?? "")) appendFileSync(file, `${RANGE}\n`);
}

/**
 * Apptainer for the tests: the user's own from 1.1 on, else the one of Debian sid. Its makers publish packages without
 * sums to compare them with, so none of these is fetched.
 * @type {(context: Context) => Promise<Outcome>}
 */
export function apptainer(context) {
  return forTests("apptainer", context, async () => {
    if (process.platform !== "linux") throw new SetupError("Apptainer runs on Linux only");
    const found = await onPath(context);
    const missing = Object.entries(HELPERS).filter(([name]) => !findFirst(name, context.env.PATH));
    const names = missing.map(([, name]) => name);
    if ((found === null || names.length > 0) && !canInstall())
      throw new SetupError(
        `there is no Apptainer ${OLDEST} or newer with ${Object.values(HELPERS).join(" and ")}`,
      );
    if (names.length > 0) await install(names, context);
    if (canInstall()) allowRanges();
    const path = found?.path ?? (await unpacked(context));
    const { stdout } = await attempt(path, ["--version"], context);
    if (!isAtLeast(stdout, OLDEST)) throw new SetupError(`${path} does not start`, { log: context.log });
    const version = `Apptainer ${shortVersion(stdout)}`;
    const environment = { VERIFIED_IMAGES_TESTS_APPTAINER: path };
    // Among the tools of the project, so that the example of a SIF image finds it.
    writeLink(join(stateFolder(context.project), "bin", "apptainer"), path);
    if (found) return { text: `found ${version}`, detail: path, environment };
    return { text: `unpacked ${version}`, detail: path, environment };
  });
}
