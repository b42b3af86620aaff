/** Helpers for tests of what a check says of inputs. */

/** What stands for a value that is not known yet, and whether a value is that or has it in it. */
export const LATER = "(later)";
export const later = (value: unknown): boolean => JSON.stringify(value)?.includes(LATER) === true;

interface Failure {
  property: string;
  reason: string;
}

/** What failures are about, in their order. */
export const properties = (failures: readonly { property: string }[]): string[] =>
  failures.map(({ property }) => property);

/** Failures as people read them. */
export const failureLines = (failures: readonly Failure[]): string[] =>
  failures.map(({ property, reason }) => `${property}: ${reason}`);
