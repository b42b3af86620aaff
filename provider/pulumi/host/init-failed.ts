/**
 * An error that makes Pulumi keep the resource, with its properties, and show it as failed: the thing is
 * there, but it is not what was asked for. The next `pulumi up` updates it.
 */
export function initFailed(error: Error, id: string, properties: Record<string, unknown>): Error {
  return Object.assign(new Error(error.message, { cause: error }), {
    id,
    properties,
    reasons: [error.message],
  });
}
