import { isVerifiedImagesError } from "../../base/errors/base";
import { parseReference } from "../../base/reference/parse";
import { namesRegistry } from "../../engines/registry/address";
import type { History } from "./history";
import type { Receipt } from "./receipt";

/** The receipts of one target, or of all targets when none is given, oldest first. */
export function receiptsOf(history: History, target?: string): Receipt[] {
  return history.lines.flatMap(({ receipt }) =>
    receipt !== null && (target === undefined || receipt.targets.includes(target)) ? [receipt] : [],
  );
}

/** The engine that a receipt's target is on; null: the default engine, or a registry (which is the same from every engine). */
function hostOf({ host }: Receipt, target: string): string | null {
  return namesRegistry(target) ? null : (host ?? null);
}

/**
 * The last promotion of a target, and the last one before it that promoted another image.
 *
 * @param host the engine that a local target is on; undefined: the engine of its last promotion
 */
export function standingOf(
  history: History,
  target: string,
  host?: string | null,
): { present: Receipt | null; before: Receipt | null } {
  const all = receiptsOf(history, target);
  const last = all.at(-1);
  const place = host === undefined && last !== undefined ? hostOf(last, target) : (host ?? null);
  const receipts = all.filter((receipt) => hostOf(receipt, target) === place);
  const present = receipts.at(-1) ?? null;
  const before = receipts.filter(({ imageId }) => imageId !== present?.imageId).at(-1) ?? null;
  return { present, before };
}

/**
 * Every image ID and digest that must not be pruned: for each target on each engine those of its present promotion, and of
 * the one before it, which a rollback would promote. If a line can't be read or trusted, everything it mentions counts.
 */
export function namedImages(history: History): Set<string> {
  const named = new Set<string>();
  const places = new Map<string, { target: string; host: string | null }>();
  for (const receipt of receiptsOf(history)) {
    for (const target of receipt.targets) {
      const host = hostOf(receipt, target);
      places.set(JSON.stringify([host, target]), { target, host });
    }
  }
  for (const { target, host } of places.values()) {
    const { present, before } = standingOf(history, target, host);
    for (const id of [present?.imageId, present?.digest, present?.previous[target]]) if (id) named.add(id);
    for (const id of [before?.imageId, before?.digest]) if (id) named.add(id);
  }
  const doubted = new Set(history.problems.map(({ line }) => line));
  for (const { line, text } of history.lines) {
    if (doubted.has(line)) for (const [id] of text.matchAll(/sha256:[0-9a-f]{64}/g)) named.add(id);
  }
  return named;
}

/** The inputs of a promotion that goes back to an earlier image. */
export interface Rollback {
  source: string;
  expectedRevision: string;
}

/** How to take a target back to the image that it had before; null: no receipt says. */
export function rollbackOf(history: History, target: string): Rollback | null {
  const { present, before } = standingOf(history, target);
  if (before === null || before.revision === null) return null;
  // A target on the engine needs the image on the engine: a promotion pulls nothing.
  const local = [...before.targets, ...(present?.targets ?? [])].some((name) => !namesRegistry(name));
  const repository = before.digest === null || local ? null : repositoryOf(target);
  const source = repository === null ? before.imageId : `${repository}@${before.digest}`;
  return { source, expectedRevision: before.revision };
}

/** A target without its tag; null: it has none. */
function repositoryOf(target: string): string | null {
  try {
    const reference = parseReference(target);
    return reference.kind === "tag" ? target.replace(/:[^/:]+$/, "") : null;
  } catch (error) {
    if (isVerifiedImagesError(error)) return null;
    throw error;
  }
}
