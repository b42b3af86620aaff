import { withArtifact } from "../../base/lease/artifact";
import type { Effects } from "./effects";
import { withSeat, type Seat } from "./seat";

/**
 * Runs `work` on an artifact while no other process works on it; see {@link withArtifact} and {@link withSeat}. The lease
 * comes before the seat, so that nobody waits for a lease while keeping a seat from others.
 *
 * @param work its effects are aborted when the lease is lost; `stale`: what was read before the lease has to be read again
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

/** The same, for a build that has no use for the engine of the effects: Docker is not asked for anything. */
export async function whileLeasedWithout<T>(
  effects: Effects,
  { root, name }: { root: string; name: string },
  work: (effects: Effects, seat: Seat, stale: boolean) => Promise<T>,
): Promise<T> {
  const note = (words: string): void => effects.note(name, words);
  return await withArtifact({ root, name, signal: effects.signal, note }, ({ signal, stale }) => {
    const held = { ...effects, signal };
    return withSeat(held, name, (seat) => work(held, seat, stale));
  });
}
