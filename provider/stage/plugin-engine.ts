import { isLocalEndpoint, withoutUserinfo } from "../engines/docker/endpoint";

/** What decides on which engine `@pulumi/docker` makes the staging container. */
export interface PluginEngine {
  /** `image.host`; null: not given. */
  host: string | null;
  /** The endpoint that the docker client uses for it. */
  endpoint: string;
  /** DOCKER_HOST and DOCKER_CONTEXT; empty ones count as not set. */
  env: Readonly<Record<string, string | undefined>>;
  /** The endpoint of DOCKER_CONTEXT as the plugin reads it; null: it can't find that context. */
  stored: string | null;
}

/**
 * Why the plugin would make the container on another engine than the image's; null: it makes it on the same one. The plugin
 * follows DOCKER_CONTEXT before everything else, then the host that it is given, then DOCKER_HOST, then this host's socket. It
 * ignores the context that `docker context use` has chosen.
 */
export function pluginElsewhere({ host, endpoint, env, stored }: PluginEngine): string | null {
  const here = withoutUserinfo(endpoint);
  const { DOCKER_CONTEXT: context, DOCKER_HOST } = env;
  if (context) {
    if (stored === endpoint) return null;
    const found =
      stored === null
        ? "which it can't find: it knows only the contexts below ~/.docker"
        : `which is at ${withoutUserinfo(stored)}`;
    return (
      `the image is at ${here}, but @pulumi/docker would not make the container there: it follows DOCKER_CONTEXT ` +
      `(${context}), ${found}; unset DOCKER_CONTEXT, and name the engine in image.host`
    );
  }
  if (host !== null || DOCKER_HOST || isLocalEndpoint(endpoint)) return null;
  return `the current Docker context is at ${here}; name that engine, for the staging container is made there`;
}
