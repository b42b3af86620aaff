import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Stage } from "../dockerfile/types";
import { aptConfiguration } from "../pins/apt";
import { ALL_FREE, FREE } from "../pins/free";
import { APT_CONFIGURATION, PIN_TARGET } from "../pins/pinned-stage";
import { temporaryFolder } from "../../base/process/temporary";
import { hookConfiguration, hookScript } from "./hook";

/** The path of apt.conf(5), with and without pins. */
const CONFIGURATION = `${PIN_TARGET}/${APT_CONFIGURATION}`;
/** The path of the script. It is outside the pins, which can't take another file. */
const SCRIPT = "/dev/verified-images-apt/record";

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

/** The value that a stage's own ARG gives a variable; null: the stage has no such ARG. */
function argument(stage: Stage, variable: string): string | null {
  const all = stage.instructions.flatMap((item) => (item.keyword === "ARG" ? item.assignments : []));
  const found = all.find(({ name }) => name === variable);
  return found === undefined ? null : (found.value ?? "").replaceAll('"', "");
}

/**
 * Makes apt report, in one build, which packages it installs and the hashes of their files. The configuration and the
 * script are build secrets below /dev, which is a fresh tmpfs in every build container. So they are not in the image, and
 * their text is not in the cache key.
 *
 * The IDs of the secrets are in that key, and are unique to this build. So no other build shares its steps, not even one
 * that runs at the same time: the records would then be in the other build's log, and a rebuild would prove nothing. A RUN
 * does not see the IDs. All that it sees has the same names in every build.
 *
 * apt finds the configuration through APT_CONFIG. If a locked recipe pins apt, the configuration has the recipe's lines
 * too, and is mounted over the recipe's.
 *
 * @param lines more lines for apt.conf(5)
 * @param shared the IDs are the same in every build, so that later builds can use the steps again
 */
export async function injectAptHook(lines: readonly string[], shared = false): Promise<InjectedAptHook> {
  const nonce = randomBytes(8).toString("hex");
  const folder = await temporaryFolder("apt");
  const secrets: Record<string, { file: string }> = {};
  const secret = async (name: string, text: string, target: string): Promise<string> => {
    const file = join(folder, name);
    const id = `verified-images-apt-${name}-${shared ? "shared" : nonce}`;
    await writeFile(file, text, { mode: 0o600 });
    secrets[id] = { file };
    return `--mount=type=secret,id=${id},target=${target},mode=0444`;
  };
  const configuration = [...lines, ...hookConfiguration(SCRIPT)];
  const text = (more: readonly string[]): string => `${[...more, ...configuration].join("\n")}\n`;
  const script = await secret("script", hookScript(nonce), SCRIPT);
  const loose = await secret("loose", text([]), CONFIGURATION);
  const pinned = await secret("pinned", text(aptConfiguration(PIN_TARGET)), CONFIGURATION);
  const preferred = await secret("preferred", text(aptConfiguration(PIN_TARGET, true)), CONFIGURATION);
  const configurationOf = (stage: Stage): string => {
    if (argument(stage, "APT_CONFIG") !== CONFIGURATION) return loose;
    return argument(stage, FREE) === ALL_FREE ? preferred : pinned;
  };
  return {
    nonce,
    mounts: (stage) => [script, configurationOf(stage)],
    variables: { APT_CONFIG: CONFIGURATION },
    secrets,
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
