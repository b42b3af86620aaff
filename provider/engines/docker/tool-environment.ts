/**
 * Environment for `docker build`. A secret given as `{env}` is read by the client from this process's own
 * environment; nothing else is needed.
 */
export function toolEnvironment(): Record<string, string> {
  return { BUILDKIT_PROGRESS: "plain", NO_COLOR: "1" };
}
