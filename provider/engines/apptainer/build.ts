import { readFile, rm } from "node:fs/promises";
import { CommandError } from "../../base/process/command-error";
import { run } from "../../base/process/run";
import { tailOf } from "../../base/process/tail";
import { BuildFailedError, EngineUnreachableError, EngineUnsuitableError } from "../errors";
import { machineReason } from "./explain";
import { fakerootFlags } from "./fakeroot";
import type { FoundApptainer } from "./find";

/** All that one build of a definition needs. */
export interface SifBuild {
  /** Absolute path of the definition. */
  definition: string;
  /** Absolute path of the SIF that is made. It is not there yet. */
  sif: string;
  /** Relative paths in the definition are relative to it. */
  context: string;
  /** Values of `{{ variables }}`. The engine refuses those that the definition does not use. */
  buildArgs: Readonly<Record<string, string>>;
  /** Places of this machine in the build: `<here>:<there>[:ro]`. */
  binds: readonly string[];
  /** A folder for the engine's temporary files, which the caller removes. */
  temporary: string;
  /** What messages call the result. */
  name: string;
  logFile: string;
  logLine?: (line: string) => string;
  timeoutMs: number;
  signal?: AbortSignal;
}

/** Lines of the log that a message repeats. */
const SHOWN_LINES = 20;
/** Bytes of the log that are searched for a reason. */
const READ_BYTES = 64 * 1024;

/**
 * Builds a SIF. What is half written after a failure is removed.
 *
 * @throws {BuildFailedError} when the engine says that the build failed
 * @throws {EngineUnsuitableError} when this machine does not let it build
 */
export async function buildSif({ path }: FoundApptainer, request: SifBuild): Promise<void> {
  const { sif, definition, buildArgs, binds, logFile, timeoutMs, signal, temporary } = request;
  const args = [
    "build",
    // Without it a label that the base has already is kept, and the definition's own value is dropped with a warning.
    "--force",
    ...(await fakerootFlags()),
    ...binds.flatMap((bind) => ["--bind", bind]),
    ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
    sif,
    definition,
  ];
  const title = `apptainer build of ${request.name}`;
  const env = { APPTAINER_TMPDIR: temporary, SINGULARITY_TMPDIR: undefined };
  const options = { title, cwd: request.context, env, logFile, logLine: request.logLine, timeoutMs, signal };
  try {
    await run(path, args, options);
  } catch (error) {
    await rm(sif, { force: true });
    if (!(error instanceof CommandError) || error.failure.cancelled) throw error;
    if (error.failure.notStarted) throw new EngineUnreachableError(error.message, { cause: error });
    const log = (await readFile(logFile, "utf8").catch(() => "")).slice(-READ_BYTES);
    if (error.failure.timedOut) {
      throw new BuildFailedError(
        `${error.message}; raise timeouts.rebuild`,
        logFile,
        tailOf(log, SHOWN_LINES),
      );
    }
    const reason = machineReason(log);
    if (reason !== null)
      throw new EngineUnsuitableError(`${request.name} can't be built: ${reason}; log: ${logFile}`);
    throw new BuildFailedError(
      `${request.name} does not build; its log ${logFile} ends with:\n${tailOf(log, SHOWN_LINES)}`,
      logFile,
      tailOf(log, SHOWN_LINES),
    );
  }
}
