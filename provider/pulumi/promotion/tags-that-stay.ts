import type { Previous } from "../../promote/gate/point-all";
import type { Properties } from "../host/properties";
import type { RowLog } from "../host/row-log";

/** Targets that stood for the image before the promotion first came to them: they are somebody else's. */
export function adoptedIn(state: Readonly<Properties> | null): string[] {
  return Array.isArray(state?.adopted) ? state.adopted.map(String) : [];
}

/**
 * Which targets a promotion has not set itself, now that all of them stand for its image.
 *
 * @param before what each target stood for just before
 * @param promoted image ID and digest
 * @param olds the promotion on record on this engine; null: there is none
 */
export function adoptedAfter(
  targets: readonly string[],
  before: Previous,
  promoted: readonly (string | null)[],
  olds: Readonly<Properties> | null,
): string[] {
  const adopted = adoptedIn(olds);
  const recorded = Array.isArray(olds?.targets) ? olds.targets.map(String) : [];
  const own = recorded.filter((target) => !adopted.includes(target));
  const inPlace = (target: string): boolean => {
    const at = before[target] ?? null;
    return at !== null && promoted.includes(at);
  };
  return targets.filter((target) => inPlace(target) && !own.includes(target));
}

/** A registry can't take a tag away without the image, which others may use. */
export function sayThatTheyStay(log: RowLog, targets: readonly string[]): void {
  if (targets.length === 0) return;
  const which = targets.length === 1 ? "stays where it is" : "stay where they are";
  log.write(
    "warning",
    `${targets.join(", ")} ${which}: a registry that deletes a tag may delete the image with it; delete by hand what nothing uses`,
  );
}

/** A tag that was there before the promotion is not its own to take away. */
export function sayThatTheyWereThere(log: RowLog, targets: readonly string[]): void {
  if (targets.length === 0) return;
  const which = targets.length === 1 ? "stays: it was" : "stay: they were";
  log.write("info", `${targets.join(", ")} ${which} there before the promotion, and no update has moved it`);
}
