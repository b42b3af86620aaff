import type { z } from "zod";
import type { InputFailure } from "./failure";

/** Properties that Pulumi and this package add to the user's inputs. */
export const OWN: ReadonlySet<string> = new Set(["__provider", "resourceUrn"]);

/**
 * An issue with a value that nobody should see, such as a password. Pulumi prints the value of the property that a
 * failure names, so this failure will name none.
 */
export function secretIssue(message: string, input: unknown): z.core.$ZodRawIssue {
  return { code: "custom", message, input, params: { secret: true } };
}

/** Whether a value counts as left out; null does. */
export const isLeftOut = (value: unknown): boolean => value === undefined || value === null;

/**
 * Checks each given property against its shape, and collects all failures. Values that are not known yet are not
 * checked.
 *
 * @param required the message for each property that must be given
 * @param later tells whether a value is not known yet
 */
export function checkShapes(
  inputs: Readonly<Record<string, unknown>>,
  shapes: Readonly<Record<string, z.ZodType>>,
  required: Readonly<Record<string, string>>,
  later: (value: unknown) => boolean,
): InputFailure[] {
  const failures: InputFailure[] = [];
  for (const [property, reason] of Object.entries(required)) {
    if (isLeftOut(inputs[property])) failures.push({ property, reason });
  }
  for (const [property, value] of Object.entries(inputs)) {
    if (OWN.has(property) || isLeftOut(value) || later(value)) continue;
    const shape = Object.hasOwn(shapes, property) ? shapes[property] : undefined;
    if (shape === undefined) {
      const known = Object.keys(shapes).join(", ");
      failures.push({ property, reason: `there is no such input; the inputs are ${known}` });
      continue;
    }
    const checked = shape.safeParse(value);
    if (checked.success) continue;
    for (const issue of checked.error.issues) {
      const path = [property, ...issue.path].join(".");
      const hidden = issue.code === "custom" && issue.params?.secret === true;
      failures.push(
        hidden
          ? { property: "", about: path, reason: `${path} ${issue.message}` }
          : { property: path, reason: issue.message },
      );
    }
  }
  return failures;
}
