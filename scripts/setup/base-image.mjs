import { join } from "node:path";
import { canInstall, install } from "./apt.mjs";
import { makeOnce } from "./cache.mjs";
import { BASE_IMAGE, BASE_RECIPE, BASE_RELEASE } from "./pins.mjs";
import { findFirst } from "./programs.mjs";
import { SetupError } from "./failure.mjs";
import { attempt, reasonOf, run } from "./run.mjs";

const PULL_TIMEOUT = 180_000;
const IMAGE_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const CHANGES = ["--change", 'CMD ["bash"]', "--change", `ENV PATH=${IMAGE_PATH}`];

/** This machine's architecture as Go names it. */
const ARCH = process.arch === "x64" ? "amd64" : process.arch;

const BOOTSTRAP = [
  ...["--variant=minbase", "--mode=root", "--format=tar"],
  ...["--include=usr-is-merged", "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr"],
  '--customize-hook=rm -f "$1/etc/hostname" "$1/etc/resolv.conf"',
  // Documentation stays out of later installations too, as in the official slim images.
  ...["doc", "info", "locale", "man"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
];

/** A minimal Debian as a tar archive, its packages' signatures checked. @type {(context: Context) => Promise<string>} */
async function rootArchive(context) {
  const { say, log, env, cache } = context;
  const key = `base-image/${BASE_RELEASE}-${ARCH}-${BASE_RECIPE}`;
  const folder = await makeOnce(cache, key, async (unfinished) => {
    if (!findFirst("mmdebstrap", env.PATH)) {
      say("installing mmdebstrap with apt-get");
      await install(["mmdebstrap", "debian-archive-keyring"], context);
    }
    say(`making ${BASE_RELEASE} with mmdebstrap, which takes a minute or two (log: ${log})`);
    const args = [...BOOTSTRAP, BASE_RELEASE, join(unfinished, "root.tar")];
    await run("mmdebstrap", "mmdebstrap", args, { ...context, env: { ...env, LC_ALL: "C" } });
  });
  return join(folder, "root.tar");
}

/**
 * The base image of the quickstart and the tests: the engine's own image of that name as it is, else pulled, else made
 * with mmdebstrap.
 * @type {(context: Context, docker: Pick<DockerFacts, "path" | "arch">, image?: string) => Promise<Outcome>}
 */
export async function baseImage(context, { path, arch }, image = BASE_IMAGE) {
  if ((await attempt(path, ["image", "inspect", image], context)).ok) return { text: `found ${image}` };
  context.say(`pulling ${image}`);
  const pulled = await attempt(path, ["pull", "--quiet", image], { ...context, timeout: PULL_TIMEOUT });
  if (pulled.ok) return { text: `pulled ${image}` };
  const reason = reasonOf(pulled);
  if (!canInstall() || arch !== ARCH) {
    const help = "make the registry reachable, or tag an image of that name";
    throw new SetupError(`${image} could not be pulled (${reason}): ${help}.`, { log: context.log });
  }
  context.say(`not pulled: ${reason}`);
  const archive = await rootArchive(context);
  await run("docker import", path, ["import", ...CHANGES, archive, image], context);
  return { text: `made ${image}`, detail: archive };
}
