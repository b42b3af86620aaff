import { warningText, type Warning } from "../../base/words/warning";
import { IGNORED } from "./ignored";
import type { RowLog } from "./row-log";

/** Tells of a drift: as a warning, or as a message if the user ignores it. It is never passed over. */
export function logDrift(log: RowLog, drift: Warning, ignored = false): void {
  const told = ignored ? { ...drift, todo: IGNORED } : drift;
  log.write(ignored ? "info" : "warning", `drift: ${warningText(told)}`);
}
