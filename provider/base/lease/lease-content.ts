/** Which process holds a lease, and since when. */
export interface Lease {
  /** Where a process ID means the same process: one boot of one kernel, and one PID namespace. 16 hex digits. */
  space: string;
  pid: number;
  /** When the process was started, in clock ticks since boot; null where the system does not say. */
  started: string | null;
  /** 16 hex digits that no other lease has. */
  token: string;
  /** Host name, for people only. */
  host: string;
  /** When the lease was taken; ISO 8601, UTC. */
  since: string;
}
