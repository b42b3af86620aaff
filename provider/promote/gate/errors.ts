import { isSifPath } from "../../base/reference/sif-path";
import type { Digest } from "../../base/reference/types";
import { VerifiedImagesError } from "../../base/errors/base";
import { clauseWords, type Judgement } from "./clause";

/** The gate refuses the image. No target was moved. */
export class PromotionRefusedError extends VerifiedImagesError {
  constructor(
    source: string,
    readonly judgement: Judgement,
    untouched = "no tag was moved",
  ) {
    const said = judgement.clauses
      .filter(({ ok }) => !ok)
      .map(({ property, message }) => clauseWords(property, message));
    super("promotion-refused", `${source} was not promoted, and ${untouched}: ${said.join("; ")}`);
  }
}

/** A target that a failed promotion has left on the new image, or may have left there. */
export interface LeftMoved {
  target: string;
  /** Image ID or digest that it pointed at before; null: it did not exist. */
  before: Digest | null;
  /** Where it is left: the promoted image's ID, or its digest in a registry. */
  at: Digest;
}

/** Moving a tag failed after the gate had agreed. Tags that were moved before it were put back, save those in `left`. */
export class PromotionFailedError extends VerifiedImagesError {
  /** Targets that could not be put back to where they were; usually none. */
  readonly left: readonly LeftMoved[];

  constructor(message: string, options: { cause?: unknown; left?: readonly LeftMoved[] } = {}) {
    super("promotion-failed", message, options);
    this.left = options.left ?? [];
  }
}

/** Targets that `immutable` protects point at another image. No tag was moved. */
export class ImmutableTargetError extends VerifiedImagesError {
  constructor(readonly taken: readonly { target: string; at: string }[]) {
    super("target-immutable", immutableWords(taken));
  }
}

const takenWords = (taken: readonly { target: string; at: string }[]): string =>
  taken.map(({ target, at }) => `${target} stands for ${at} already`).join(", ");

/** What `immutable` does to such targets, and what to do instead. */
const wordsFor = (taken: readonly { target: string }[]): { so: string; instead: string } =>
  taken.every(({ target }) => isSifPath(target))
    ? { so: "immutable: true replaces no file", instead: "choose a new path, or leave immutable out" }
    : { so: "immutable: true moves no tag", instead: "choose a new tag, or leave immutable out" };

/** The message of a promotion that is refused because its targets exist. */
export function immutableWords(taken: readonly { target: string; at: string }[]): string {
  const { so, instead } = wordsFor(taken);
  return `${takenWords(taken)}, and ${so}: ${instead}`;
}

/** The same for a preview in which the source is not known yet. */
export function immutableLaterWords(taken: readonly { target: string; at: string }[]): string {
  const { so, instead } = wordsFor(taken);
  return `${takenWords(taken)}, and ${so}: the update fails unless the source turns out to be that very image; ${instead}`;
}
