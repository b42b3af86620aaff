/** Why a build ended that no instruction of its recipe has ended. */
export interface BuildEnding {
  /** `lost`: engine or builder went away; `full`: the disk of one is. */
  kind: "lost" | "full";
  /** What the client said of it. */
  said: string;
}

/**
 * The client's own last word begins like this. Lines of a step begin with its number, and an error that quotes a command
 * names its `process`, so nothing that a recipe prints is taken for the client's word.
 */
const OWN = /^(?:ERROR|error): (?!.*\bprocess ")(.+)$/;
/** The last three: clients before 29, and clients and buildx plugins of today. */
const LOST =
  /failed to receive status: |error reading from server|transport is closing|code = Unavailable|Cannot connect to the Docker daemon|error during connect|failed to connect to the docker API/;
const FULL = /no space left on device|disk quota exceeded/i;

/** Reads from the end of a build's log why it ended; null: for another reason. */
export function buildEnding(tail: string): BuildEnding | null {
  const said = tail
    .split("\n")
    .map((line) => OWN.exec(line)?.[1])
    .findLast((words) => words !== undefined);
  if (said === undefined) return null;
  if (FULL.test(said)) return { kind: "full", said };
  return LOST.test(said) ? { kind: "lost", said } : null;
}

/** What has happened, to what, what was expected, and what to do. */
export function endingWords({ kind, said }: BuildEnding, name: string, where: string, log: string): string {
  return kind === "lost"
    ? `the engine at ${where}, or its builder, went away in the middle of the build of ${name} (${said}), so nothing was ` +
        `built; see that it runs, and run the update again (log: ${log})`
    : `the build of ${name} ended because no space is left for images on the engine at ${where} (${said}); make room there ` +
        `(docker builder prune, docker image prune), and run the update again (log: ${log})`;
}
