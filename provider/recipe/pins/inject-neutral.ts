import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../../base/process/temporary";
import type { RunInstruction } from "../dockerfile/types";
import { APT_CONFIGURATION, neutralPins, PIN_TARGET } from "./pinned-stage";

/** What is added to a build so that a RUN without pins finds files in their place. */
interface InjectedNeutralPins {
  mounts(instruction: RunInstruction): string[];
  secrets: Record<string, { file: string }>;
  dispose(): Promise<void>;
}

/** Whether a RUN of a locked recipe mounts pins. */
function hasPins({ flags }: RunInstruction): boolean {
  return flags.some(
    ({ name, value }) => name === "mount" && value?.split(",").includes(`target=${PIN_TARGET}`),
  );
}

/**
 * Gives every RUN without pins the files of pins that pin nothing. So the first build shows the same files to a RUN as
 * the rebuild. They are build secrets, as a build then needs no other image. apt's configuration comes with its hook.
 */
export async function injectNeutralPins(): Promise<InjectedNeutralPins> {
  const folder = await temporaryFolder("neutral");
  const secrets: Record<string, { file: string }> = {};
  const mounts: string[] = [];
  const files = neutralPins().filter(({ path }) => path !== APT_CONFIGURATION);
  for (const [index, { path, text }] of files.entries()) {
    const id = `verified-images-neutral-${index}`;
    const file = join(folder, String(index));
    // BuildKit of Docker 20.10 mounts no secret that is empty.
    await writeFile(file, text === "" ? "\n" : text, { mode: 0o600 });
    secrets[id] = { file };
    mounts.push(`--mount=type=secret,id=${id},target=${PIN_TARGET}/${path},mode=0444`);
  }
  return {
    mounts: (instruction) => (hasPins(instruction) ? [] : mounts),
    secrets,
    dispose: () => rm(folder, { recursive: true, force: true }),
  };
}
