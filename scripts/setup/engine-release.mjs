import { delimiter, join } from "node:path";
import { canInstall, unpackPackages } from "./apt.mjs";
import { makeOnce } from "./cache.mjs";
import { writeLink } from "./files.mjs";
import { fetchOfficial, pinnedTool } from "./pinned-tool.mjs";
import { BUILDX, DOCKER, PLATFORM } from "./pins.mjs";
import { SetupError } from "./failure.mjs";

/**
 * Programs of one release of Docker. `folders` go before PATH when its daemon starts, `variables` are set for it, `features`
 * are switched in its configuration; `plugins` is a folder of plugins of its client, if it has any of its own.
 * @typedef {{name: string, how: string, docker: string, folders: string[], variables?: Record<string, string>}} Programs
 * @typedef {Programs & {features?: Record<string, boolean>, plugins: string | null}} Release
 */

/** Debian's packages of Docker, by the Debian release that has them. */
const PACKAGES = {
  sid: ["docker.io", "docker-cli", "docker-buildx", "containerd", "tini-static"],
  bookworm: ["docker.io", "containerd", "tini", "libdevmapper1.02.1"],
};

/** Docker as one Debian release has it, unpacked and not installed; its `runc` is this machine's. @type {(suite: keyof typeof PACKAGES, context: Context) => Promise<Release>} */
export async function debianRelease(suite, context) {
  const root = await makeOnce(context.cache, `docker/debian-${suite}-${PLATFORM}`, (unfinished) =>
    unpackPackages(PACKAGES[suite], suite, unfinished, context),
  );
  const bin = join(root, "usr", "bin");
  const libraries = ["x86_64", "aarch64"].map((machine) => join(root, "lib", `${machine}-linux-gnu`));
  return {
    name: suite,
    variables: suite === "bookworm" ? { LD_LIBRARY_PATH: libraries.join(delimiter) } : {},
    how: `unpacked from Debian ${suite}`,
    docker: join(bin, "docker"),
    folders: [join(root, "usr", "sbin"), bin],
    plugins: suite === "sid" ? join(root, "usr", "libexec", "docker", "cli-plugins") : null,
  };
}

/** Docker's own static programs and its buildx plugin. @type {(context: Context) => Promise<Release>} */
async function officialRelease(context) {
  const folder = await makeOnce(context.cache, `docker/${DOCKER.version}-${PLATFORM}`, async (unfinished) => {
    const reason = await fetchOfficial(DOCKER, unfinished, context);
    if (reason !== null) throw new SetupError(reason);
  });
  const buildx = await pinnedTool(BUILDX, context);
  const plugins = join(context.cache, "docker", "plugins");
  writeLink(join(plugins, "docker-buildx"), buildx.path);
  const how = `Docker's own programs, ${buildx.how}`;
  return { name: DOCKER.version, how, docker: join(folder, "docker"), folders: [folder], plugins };
}

/**
 * A release of Docker of today: Docker's own programs, else Debian's newest.
 * @type {(context: Context) => Promise<Release>}
 * @throws {SetupError} where neither can be had
 */
export async function newestRelease(context) {
  context.say(`fetching the official Docker ${DOCKER.version}`);
  try {
    return await officialRelease(context);
  } catch (error) {
    if (!(error instanceof SetupError) || !canInstall()) throw error;
    context.say(`${error.message}; unpacking Docker of Debian sid (log: ${context.log})`);
    return debianRelease("sid", context);
  }
}
