import type * as pulumi from "@pulumi/pulumi";

/** Defaults of a staged release; times in seconds. */
export const RELEASE_DEFAULTS = { healthPath: "/", healthTimeout: 60, checkTimeout: 600 };

/** The arguments of a staged release that its settings are made from. They may be plain values. */
interface ReleaseArguments {
  worktree: string;
  image: { host?: pulumi.Input<string> };
  staging: {
    name: pulumi.Input<string>;
    port: pulumi.Input<number>;
    containerPort?: pulumi.Input<number>;
    healthPath?: pulumi.Input<string>;
    healthTimeout?: pulumi.Input<number>;
    address?: pulumi.Input<string>;
    compose?: object;
  };
  check: { command: pulumi.Input<string>; timeout?: pulumi.Input<number>; ssh?: unknown };
  production: { name?: pulumi.Input<string>; port?: pulumi.Input<number> };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** Recognises an Output by its shape, so that this file needs no Pulumi at run time. */
function isOutput(value: object): value is { apply(then: (value: unknown) => unknown): unknown } {
  return "__pulumiOutput" in value;
}

function isLater(value: object): value is PromiseLike<unknown> {
  return "then" in value;
}

/** Maps an object, now or as soon as its value is known; any other value is returned unchanged. */
function whenKnown(value: unknown, map: (value: Record<string, unknown>) => unknown): unknown {
  const known = (one: unknown): unknown => (isRecord(one) ? map(one) : one);
  if (!isRecord(value)) return value;
  if (isOutput(value)) return value.apply(known);
  if (isLater(value)) return value.then(known);
  return known(value);
}

const hopOf = ({ host, user, port, hostKey }: Record<string, unknown>): object => ({
  host,
  user,
  port,
  hostKey,
});

/** Where the check runs and through which host, without the secrets of the connection. */
function destinationOf(ssh: unknown): unknown {
  return whenKnown(ssh, (connection) => ({
    ...hopOf(connection),
    proxy: whenKnown(connection.proxy, hopOf),
  }));
}

/** The settings of the staging container and its check, with defaults filled in. */
export function releaseSettings({ worktree, image, staging, check, production }: ReleaseArguments) {
  const { compose } = staging;
  // With compose, the file says which port is used inside the container.
  const inside = compose === undefined ? staging.port : undefined;
  return {
    name: staging.name,
    port: staging.port,
    containerPort: staging.containerPort ?? inside,
    healthPath: staging.healthPath ?? RELEASE_DEFAULTS.healthPath,
    healthTimeout: staging.healthTimeout ?? RELEASE_DEFAULTS.healthTimeout,
    checkCommand: check.command,
    checkTimeout: check.timeout ?? RELEASE_DEFAULTS.checkTimeout,
    address: staging.address,
    checkSsh: destinationOf(check.ssh),
    production: { name: production.name, port: production.port },
    host: image.host,
    compose: compose === undefined ? undefined : { ...compose, worktree },
  };
}
