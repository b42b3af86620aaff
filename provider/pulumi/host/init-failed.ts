/**
 * An error with which Pulumi keeps the resource and its properties in the state, and shows it as failed. It is for a
 * resource that exists but is not what was asked for. The next `pulumi up` updates it.
 */
export function initFailed(error: Error, id: string, properties: Record<string, unknown>): Error {
  return Object.assign(new Error(error.message, { cause: error }), {
    id,
    properties,
    reasons: [error.message],
  });
}
