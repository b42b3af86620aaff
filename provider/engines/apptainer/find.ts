import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import { run } from "../../base/process/run";
import { messageOf } from "../../base/errors/message";
import { EngineUnreachableError, EngineUnsuitableError } from "../errors";

/** Where to read how to install it. */
const MANUAL = "https://apptainer.org/docs/admin/main/installation.html";
const INSTALL = `install Apptainer 1.1 or newer (${MANUAL})`;
const ASK_MS = 30_000;

/** The program, and the version that it tells. */
export interface FoundApptainer {
  path: string;
  version: string;
}

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The first program of a name on PATH; null: there is none. */
export function onPath(name: string, environment: NodeJS.ProcessEnv = process.env): string | null {
  const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

/** The version in what the program says of itself; null: it is no Apptainer, or one that is too old. */
export function suitableVersion(said: string): string | null {
  const [, version, major, minor] = /^apptainer version ((\d+)\.(\d+)\S*)/.exec(said.trim()) ?? [];
  if (version === undefined) return null;
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= 1) ? version : null;
}

/**
 * Finds Apptainer: `apptainer` or `singularity` on PATH.
 *
 * @throws {EngineUnreachableError} when there is none, or it does not answer
 * @throws {EngineUnsuitableError} when it is older than 1.1, or another program
 */
export async function findApptainer(signal?: AbortSignal): Promise<FoundApptainer> {
  let passedOver: string | null = null;
  for (const name of ["apptainer", "singularity"]) {
    const path = onPath(name);
    if (path === null) continue;
    const said = await run(path, ["--version"], { timeoutMs: ASK_MS, signal }).catch((error: unknown) => {
      if (signal?.aborted === true) throw error;
      throw new EngineUnreachableError(`${path} does not answer (${messageOf(error)}); ${INSTALL}`, {
        cause: error,
      });
    });
    const version = suitableVersion(said.stdout);
    if (version !== null) return { path, version };
    passedOver ??= `${path} says "${said.stdout.trim()}"`;
  }
  if (passedOver !== null) throw new EngineUnsuitableError(`${passedOver}, which is not enough; ${INSTALL}`);
  throw new EngineUnreachableError(`there is no apptainer or singularity on PATH; ${INSTALL}`);
}
