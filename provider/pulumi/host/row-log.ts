import { hideCredentials } from "../../base/words/credentials";
import { visibleLines } from "../../base/words/visible";
import { engineLog, type EngineLog, type Severity } from "./engine-log";

/** Messages to the person at `pulumi up` or `pulumi preview`. */
export interface RowLog {
  write(severity: Severity, message: string): void;
  /** Shows a message that only matters for the moment: on the resource's row, and nowhere else. */
  show(message: string): void;
  /** Resolves once every message was delivered or has failed. */
  flush(): Promise<void>;
}

/** The log of the engine that started this process. It is made once, and given up after the first failure. */
let ofThisProcess: { log: EngineLog | null } | undefined;

/**
 * A log that writes on one resource's row. If the engine's log can't be used, it writes to the console instead, which
 * Pulumi shows on the stack's row.
 *
 * @param urn the resource's URN, if known
 * @param engine default: the engine whose address is this process's first argument
 */
export function rowLog(
  urn: unknown,
  engine: { log: EngineLog | null } = (ofThisProcess ??= { log: engineLog(process.argv[2]) }),
): RowLog {
  // Messages are sent one after the other, so that they arrive in their order.
  let sent: Promise<void> = Promise.resolve();
  const onRow = async (severity: Severity, words: string): Promise<boolean> => {
    const message = hideCredentials(visibleLines(words));
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
  const after = (work: () => Promise<void>): void => void (sent = sent.then(work));
  return {
    write: (severity, message) =>
      after(async () => {
        if (!(await onRow(severity, message))) toConsole(severity, message);
      }),
    show: (message) => after(async () => void (await onRow("step", message))),
    flush: () => sent,
  };
}

function toConsole(severity: Severity, words: string): void {
  const message = hideCredentials(visibleLines(words));
  if (severity === "warning") console.warn(`warning: ${message}`);
  else console.log(message);
}
