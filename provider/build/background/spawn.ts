import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { VerifiedImagesError } from "../../base/errors/base";
import { messageOf } from "../../base/errors/message";
import { environmentOf } from "./environment";
import { jobArguments, type BackgroundJob } from "./job";

/** The process that verifies in the background could not be started. */
export class NotStartedError extends VerifiedImagesError {
  constructor(detail: string, options?: { cause?: unknown }) {
    super("not-started", `the verification in the background could not be started: ${detail}`, options);
  }
}

/** The compiled program. It is found by the package's name, so it is the one in dist even when sources run. */
function program(): string {
  const root = dirname(require.resolve("pulumi-verified-images/package.json"));
  return join(root, "dist", "provider", "build", "background", "main.js");
}

/**
 * Starts a verification in a session of its own (setsid(2)): it outlives the caller, and signals to the caller's terminal
 * or process group do not reach it. Of the caller's environment it gets what it needs (`environmentOf`). Its standard output
 * and error go to the log.
 *
 * @returns the process ID
 * @throws {NotStartedError}
 */
export async function spawnVerification(job: BackgroundJob): Promise<number> {
  const log = await open(job.logFile, "a", 0o600);
  try {
    const child = spawn(process.execPath, [program(), ...jobArguments(job)], {
      cwd: job.directory,
      env: environmentOf(job, process.env),
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    await once(child, "spawn");
    child.unref();
    if (child.pid === undefined) throw new Error("it has no process number");
    return child.pid;
  } catch (error) {
    throw new NotStartedError(messageOf(error), { cause: error });
  } finally {
    await log.close();
  }
}
