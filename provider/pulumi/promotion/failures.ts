import type { VerifiedImagesError } from "../../base/errors/base";
import type { Clause } from "../../promote/gate/clause";
import { SourceMissingError } from "../../promote/gate/resolve-source";
import type { InputFailure } from "../../inputs/failure";
import {
  DigestMismatchError,
  NotAnImageError,
  RegistryError,
  RegistryToolMissingError,
} from "../../engines/registry/errors";
import { StoreError } from "../../base/errors/store-error";
import { SourceGoneError } from "./candidate";
import { StateUnreadableError } from "./state";

/** The input because of which a registry was asked. */
export type AskedFor = "source" | "targets";

function propertyOf(error: VerifiedImagesError, asked: AskedFor): string {
  if (error instanceof SourceMissingError || error instanceof SourceGoneError) return "source";
  if (error instanceof NotAnImageError) return "source";
  if (error instanceof RegistryError || error instanceof DigestMismatchError) return asked;
  if (error instanceof RegistryToolMissingError) return asked;
  if (error instanceof StateUnreadableError) return "";
  return error instanceof StoreError ? "root" : "host";
}

const NOTHING_MOVED = "no tag was moved";

/** An error as a failure of the input that it is about. */
export const failureOf = (error: VerifiedImagesError, asked: AskedFor = "targets"): InputFailure => ({
  property: propertyOf(error, asked),
  reason: `${error.message}; ${NOTHING_MOVED}`,
});

/** The clauses that refuse, as failures. */
export const refusals = (clauses: readonly Clause[]): InputFailure[] =>
  clauses
    .filter(({ ok }) => !ok)
    .map(({ property, message }) => ({ property, reason: `${message}; ${NOTHING_MOVED}` }));

/** Each failure once, in order. */
export const distinct = (failures: readonly InputFailure[]): InputFailure[] =>
  failures.filter(
    ({ property, reason }, index) =>
      failures.findIndex((other) => other.property === property && other.reason === reason) === index,
  );
