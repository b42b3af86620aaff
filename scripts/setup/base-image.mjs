import { join } from "node:path";
import { canInstall, install } from "./apt.mjs";
import { logFile, makeOnce } from "./cache.mjs";
import { makeRootArchive } from "./debootstrap.mjs";
import { SetupError } from "./failure.mjs";
import { BASE_IMAGE, BASE_RECIPE, BASE_RELEASE } from "./pins.mjs";
import { tilde } from "./report.mjs";
import { attempt, lastLines, run } from "./run.mjs";
import { findFirst } from "./which.mjs";

const PULL_TIMEOUT = 180_000;
const IMAGE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** @param {string} [arch] as in process.arch */
function goArch(arch = process.arch) {
  return arch === "x64" ? "amd64" : arch;
}

/**
 * Imports a root file system and gives it the name, unless an image of that name has turned up in the meantime.
 * @returns {Promise<boolean>} whether it got the name
 */
async function importArchive({ docker, image, archive, options, exists }) {
  const changes = ["--change", 'CMD ["bash"]', "--change", `ENV PATH=${IMAGE_PATH}`];
  const id = (await run("docker import", docker, ["import", ...changes, archive], options)).trim();
  if (await exists()) {
    await run("docker image rm", docker, ["image", "rm", id], options);
    return false;
  }
  await run("docker tag", docker, ["tag", id, image], options);
  return true;
}

/** The archive of the cache folder, made with debootstrap the first time. */
async function rootArchive({ cache, signal, log, say, because }) {
  if (!findFirst("debootstrap", `${process.env.PATH}:/usr/sbin:/sbin`)) {
    say("installing debootstrap with apt-get");
    await install(["debootstrap", "debian-archive-keyring"], [], { log });
  }
  const make = (folder) => {
    say(
      `${because}; making ${BASE_RELEASE} with debootstrap, which takes about half a minute (log: ${tilde(log)})`,
    );
    return makeRootArchive({ folder, archive: join(folder, "root.tar"), log, signal });
  };
  const key = `base-image/${BASE_RELEASE}-${goArch()}-${BASE_RECIPE}`;
  const onWait = (pid) => say(`waiting for the set-up of process ${pid}, which is making it`);
  const { folder, made } = await makeOnce({ cache, key, make, signal, onWait });
  return { archive: join(folder, "root.tar"), made };
}

/**
 * The base image of the quickstart and the tests: the engine's own image of that name as it is, else pulled, else made
 * with debootstrap.
 * @param {object} context
 * @param {string} context.cache
 * @param {AbortSignal} context.signal
 * @param {import("./docker-found.mjs").DockerFacts} context.docker
 * @param {string} [context.image]
 * @param {(text: string) => void} say
 * @returns {Promise<{text: string, detail?: string}>}
 * @throws {SetupError}
 */
export async function baseImage({ cache, signal, docker, image = BASE_IMAGE }, say) {
  const log = logFile(cache, "base-image");
  const options = { log, signal };
  const exists = async () => (await attempt(docker.path, ["image", "inspect", image], { signal })).ok;
  if (await exists()) return { text: `found ${image}` };
  say(`pulling ${image}`);
  const pulled = await attempt(docker.path, ["pull", "--quiet", image], {
    ...options,
    timeout: PULL_TIMEOUT,
  });
  if (pulled.ok) return { text: `pulled ${image}` };
  const reason = lastLines(pulled.stderr, 1)[0] ?? pulled.ending;
  if (!canInstall() || docker.arch !== goArch()) {
    const sentence = `${image} could not be pulled (${reason}): make the registry reachable, or tag an image of that name.`;
    throw new SetupError(sentence, { log });
  }
  const { archive, made } = await rootArchive({ cache, signal, log, say, because: `not pulled: ${reason}` });
  const named = await importArchive({ docker: docker.path, image, archive, options, exists });
  if (!named) return { text: `found ${image}`, detail: "it turned up while one was being made" };
  return { text: `${made ? "made" : "imported"} ${image}`, detail: `cache: ${tilde(archive)}` };
}
