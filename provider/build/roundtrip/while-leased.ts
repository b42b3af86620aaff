import { withArtifact } from "../../base/lease/artifact";
import type { Effects } from "./effects";
import { withSeat, type Seat } from "./seat";

/**
 * Does work on an artifact of a store that nobody else works on meanwhile; see {@link withArtifact} and
 * {@link withSeat}. The lease comes first: whoever has a seat never waits for a lease.
 *
 * @param work its effects end it also when the lease is lost; `stale`: what was read before may be so no longer
 */
export async function whileLeased<T>(
  effects: Effects,
  { root, name }: { root: string; name: string },
  work: (effects: Effects, seat: Seat, stale: boolean) => Promise<T>,
): Promise<T> {
  const note = (words: string): void => effects.note(name, words);
  return await withArtifact({ root, name, signal: effects.signal, note }, async ({ signal, stale }) => {
    return await effects.engine.during(async (engine) => {
      const held = { ...effects, engine, signal };
      return await withSeat(held, name, (seat) => work(held, seat, stale));
    });
  });
}
