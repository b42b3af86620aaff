/** What ends the `stage` of packages that were there for a moment; no stage's name has a colon (Dockerfile reference). */
const MOMENT = ":moment";

/**
 * The `stage` of packages that a stage installed and removed again: `builder:moment`, or `:moment` for the stage that
 * the image itself is.
 *
 * @param label the stage's name or number; null for the image's own
 */
export function momentOf(label: string | null): string {
  return `${label ?? ""}${MOMENT}`;
}

/** True for the `stage` of a package that was there for a moment only. */
export function isMoment(stage: string | undefined): boolean {
  return stage?.endsWith(MOMENT) === true;
}

/** A lock's `stage` in words, such as `stage builder, removed again`. */
export function stageWords(stage: string): string {
  if (!isMoment(stage)) return `stage ${stage}`;
  const label = stage.slice(0, -MOMENT.length);
  return label === "" ? "removed again" : `stage ${label}, removed again`;
}
