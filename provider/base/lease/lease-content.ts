/** What one process holds, and who it is. */
export interface Lease {
  /** Where process IDs mean the same: one boot of one kernel, and one PID namespace. 16 hex digits. */
  space: string;
  pid: number;
  /** When the process was started, in clock ticks since boot; null where that can't be told. */
  started: string | null;
  /** 16 hex digits that no other lease has. */
  token: string;
  /** Name of the machine. For people only. */
  host: string;
  /** ISO 8601, UTC. */
  since: string;
}
