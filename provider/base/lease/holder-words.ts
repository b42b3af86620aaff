/** Who holds an artifact. */
export interface Holder {
  /** 16 hex digits that no other hold has. */
  token: string;
  host: string;
  pid: number;
  /** Where process IDs mean the same. */
  machine: string;
  /** The process's start, in the kernel's own ticks; null where that can't be told. */
  started: string | null;
  /** ISO 8601, UTC. */
  since: string;
}

/** A holder in words. */
export function holderWords(holder: Holder | null): string {
  if (holder === null) return "an unknown process";
  return `process ${holder.pid} on ${holder.host} (since ${holder.since})`;
}
