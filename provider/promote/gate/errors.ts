import type { Digest } from "../../base/reference/types";
import { VerifiedImagesError } from "../../base/errors/base";
import { clauseWords, type Judgement } from "./clause";

/** The gate says no. Nothing was tagged. */
export class PromotionRefusedError extends VerifiedImagesError {
  constructor(
    source: string,
    readonly judgement: Judgement,
  ) {
    const said = judgement.clauses
      .filter(({ ok }) => !ok)
      .map(({ property, message }) => clauseWords(property, message));
    super("promotion-refused", `${source} was not promoted, and no tag was moved: ${said.join("; ")}`);
  }
}

/** A target that a promotion which failed has left moved, or may have. */
export interface LeftMoved {
  target: string;
  /** Image ID or digest that it had before; null: it was not there. */
  before: Digest | null;
  /** Image ID, or in a registry the digest, of what was promoted. */
  at: Digest;
}

/** Tagging went wrong after the gate had said yes; earlier tags were put back. */
export class PromotionFailedError extends VerifiedImagesError {
  /** Targets that could not be put back to where they were; usually none. */
  readonly left: readonly LeftMoved[];

  constructor(message: string, options: { cause?: unknown; left?: readonly LeftMoved[] } = {}) {
    super("promotion-failed", message, options);
    this.left = options.left ?? [];
  }
}

/** Targets that must not be moved stand for another image. Nothing was tagged. */
export class ImmutableTargetError extends VerifiedImagesError {
  constructor(readonly taken: readonly { target: string; at: string }[]) {
    super("target-immutable", immutableWords(taken));
  }
}

const takenWords = (taken: readonly { target: string; at: string }[]): string =>
  taken.map(({ target, at }) => `${target} stands for ${at} already`).join(", ");

const INSTEAD = "choose a new tag, or leave immutable out";

/** */
export function immutableWords(taken: readonly { target: string; at: string }[]): string {
  return `${takenWords(taken)}, and immutable: true moves no tag: ${INSTEAD}`;
}

/** The same while nobody knows yet what is to be promoted. */
export function immutableLaterWords(taken: readonly { target: string; at: string }[]): string {
  return `${takenWords(taken)}, and immutable: true moves no tag: the update fails unless the source turns out to be that very image; ${INSTEAD}`;
}
