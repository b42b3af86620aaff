import { engineLog, type EngineLog, type Severity } from "./engine-log";

/** Says something to the person at `pulumi up` or `pulumi preview`. */
export interface RowLog {
  write(severity: Severity, message: string): void;
  /** Says something that only matters while it is on the screen: nowhere else than on the resource's row. */
  show(message: string): void;
  /** Resolves once everything said has been heard, or could not be. */
  flush(): Promise<void>;
}

/** The engine that started this process; asked for once, and given up after the first failure. */
let ofThisProcess: { log: EngineLog | null } | undefined;

/**
 * A log that speaks on one resource's own row. Where the engine can't be reached that way it speaks through
 * the console, which Pulumi shows on the stack's row.
 *
 * @param urn the resource's URN, if known
 * @param engine default: the engine whose address is this process's first argument
 */
export function rowLog(
  urn: unknown,
  engine: { log: EngineLog | null } = (ofThisProcess ??= { log: engineLog(process.argv[2]) }),
): RowLog {
  // One after the other: what is said first is heard first.
  let spoken: Promise<void> = Promise.resolve();
  const onRow = async (severity: Severity, message: string): Promise<boolean> => {
    if (engine.log === null || typeof urn !== "string" || !urn.startsWith("urn:")) return false;
    try {
      await engine.log.log(severity, message, urn);
      return true;
    } catch {
      engine.log?.close();
      engine.log = null;
      return false;
    }
  };
  const after = (work: () => Promise<void>): void => void (spoken = spoken.then(work));
  return {
    write: (severity, message) =>
      after(async () => {
        if (!(await onRow(severity, message))) aloud(severity, message);
      }),
    show: (message) => after(async () => void (await onRow("step", message))),
    flush: () => spoken,
  };
}

function aloud(severity: Severity, message: string): void {
  if (severity === "warning") console.warn(`warning: ${message}`);
  else console.log(message);
}
