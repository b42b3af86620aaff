import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stage } from "../dockerfile/types";
import { aptConfiguration } from "../pins/apt";
import { PIN_TARGET } from "../pins/pinned-stage";
import { temporaryFolder } from "../../base/process/temporary";
import { hookConfiguration, hookScript } from "./hook";

const SECRETS = {
  script: "verified-images-apt-script",
  configuration: "verified-images-apt",
  pinned: "verified-images-apt-pinned",
};
/** The path of the apt.conf(5) of a locked recipe. */
const PINNED_CONFIGURATION = `${PIN_TARGET}/apt.conf`;

/** What is added to a build so that its log says what apt installs. */
interface InjectedAptHook {
  /** Known to this build only. */
  nonce: string;
  mounts(stage: Stage): string[];
  /** Variables for every RUN. A stage's own ARG or ENV of the same name takes precedence. */
  variables: Record<string, string>;
  secrets: Record<string, { file: string }>;
  dispose(): Promise<void>;
}

/** Whether a stage of a locked recipe pins apt to the lock. */
function pinsApt(stage: Stage): boolean {
  return stage.instructions.some(
    (item) =>
      item.keyword === "ARG" &&
      item.assignments.some(
        ({ name, value }) => name === "APT_CONFIG" && value?.replaceAll('"', "") === PINNED_CONFIGURATION,
      ),
  );
}

/**
 * Makes apt report, in one build, which packages it installs and the hashes of their files. The configuration and the
 * script are build secrets below /dev, which is a fresh tmpfs in every build container. So they are neither in the
 * image nor in the cache key. The folder's name is unique to this build. So no other build shares its steps, whose
 * records would then be in the other build's log.
 *
 * apt finds the configuration through APT_CONFIG. If a locked recipe already sets that for its pins, the same file,
 * with the hook added, is mounted over the recipe's.
 *
 * @param lines more lines for apt.conf(5)
 */
export async function injectAptHook(lines: readonly string[]): Promise<InjectedAptHook> {
  const nonce = randomBytes(8).toString("hex");
  const target = `/dev/verified-images-apt-${nonce}`;
  const folder = await temporaryFolder("apt");
  const secrets: Record<string, { file: string }> = {};
  const write = async (id: string, text: string): Promise<void> => {
    const file = join(folder, id);
    await writeFile(file, text, { mode: 0o600 });
    secrets[id] = { file };
  };
  const configuration = [...lines, ...hookConfiguration(`${target}/record`)];
  await write(SECRETS.script, hookScript(nonce));
  await write(SECRETS.configuration, `${configuration.join("\n")}\n`);
  await write(SECRETS.pinned, `${[...aptConfiguration(PIN_TARGET), ...configuration].join("\n")}\n`);
  const mount = (id: string, at: string): string => `--mount=type=secret,id=${id},target=${at},mode=0444`;
  return {
    nonce,
    mounts: (stage) => [
      mount(SECRETS.script, `${target}/record`),
      pinsApt(stage)
        ? mount(SECRETS.pinned, PINNED_CONFIGURATION)
        : mount(SECRETS.configuration, `${target}/apt.conf`),
    ],
    variables: { APT_CONFIG: `${target}/apt.conf` },
    secrets,
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
