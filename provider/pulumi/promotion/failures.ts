import type { VerifiedImagesError } from "../../base/errors/base";
import type { Clause } from "../../promote/gate/clause";
import { SifError } from "../../engines/apptainer/sif-header";
import { SifPathError } from "../../promote/sif/errors";
import type { InputFailure } from "../../inputs/failure";
import {
  DigestMismatchError,
  NotAnImageError,
  RegistryError,
  RegistryToolMissingError,
} from "../../engines/registry/errors";
import { StoreError } from "../../base/errors/store-error";
import { StateUnreadableError } from "./state";

/** The input because of which a registry was asked. */
export type AskedFor = "source" | "targets";

function propertyOf(error: VerifiedImagesError, asked: AskedFor): string {
  if (error.code === "source-missing") return "source";
  if (error instanceof SifError) return "source";
  if (error instanceof SifPathError) return asked;
  if (error instanceof NotAnImageError) return "source";
  if (error instanceof RegistryError || error instanceof DigestMismatchError) return asked;
  if (error instanceof RegistryToolMissingError) return asked;
  if (error instanceof StateUnreadableError) return "";
  return error instanceof StoreError ? "root" : "host";
}

/**
 * An error as a failure of the input that it is about.
 *
 * @param untouched what has happened to the targets, in words
 */
export const failureOf = (
  error: VerifiedImagesError,
  untouched: string,
  asked: AskedFor = "targets",
): InputFailure => ({ property: propertyOf(error, asked), reason: `${error.message}; ${untouched}` });

/** The clauses that refuse, as failures. */
export const refusals = (clauses: readonly Clause[], untouched: string): InputFailure[] =>
  clauses
    .filter(({ ok }) => !ok)
    .map(({ property, message }) => ({ property, reason: `${message}; ${untouched}` }));

/** Each failure once, in order. */
export const distinct = (failures: readonly InputFailure[]): InputFailure[] =>
  failures.filter(
    ({ property, reason }, index) =>
      failures.findIndex((other) => other.property === property && other.reason === reason) === index,
  );
