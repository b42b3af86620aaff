import type * as pulumi from "@pulumi/pulumi";

const HEALTH_PATH = "/";
const HEALTH_SECONDS = 60;
const CHECK_SECONDS = 600;

/** The arguments of a staged release that its settings are made of; plain values will do. */
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

/** A value of Pulumi's or a promise of one, told by its shape: this file does without Pulumi at run time. */
type Later = { apply?: (then: (value: unknown) => unknown) => unknown } & PromiseLike<unknown>;

/** Maps an object now or once it is known; anything else stays. */
function whenKnown(value: unknown, map: (value: Record<string, unknown>) => unknown): unknown {
  const known = (one: unknown): unknown =>
    typeof one === "object" && one !== null ? map(one as Record<string, unknown>) : one;
  if (typeof value !== "object" || value === null) return value;
  if ("__pulumiOutput" in value) return (value as unknown as Later).apply?.(known);
  if ("then" in value) return (value as unknown as Later).then(known);
  return known(value);
}

const hopOf = ({ host, user, port, hostKey }: Record<string, unknown>): object => ({
  host,
  user,
  port,
  hostKey,
});

/** Where the check runs, and by way of which host, without anything that is a secret. */
function destinationOf(ssh: unknown): unknown {
  return whenKnown(ssh, (connection) => ({
    ...hopOf(connection),
    proxy: whenKnown(connection.proxy, hopOf),
  }));
}

/** What of the arguments concerns the staging container and its check, with defaults. */
export function releaseSettings({ worktree, image, staging, check, production }: ReleaseArguments) {
  const { compose } = staging;
  // A compose file says itself what is inside.
  const inside = compose === undefined ? staging.port : undefined;
  return {
    name: staging.name,
    port: staging.port,
    containerPort: staging.containerPort ?? inside,
    healthPath: staging.healthPath ?? HEALTH_PATH,
    healthTimeout: staging.healthTimeout ?? HEALTH_SECONDS,
    checkCommand: check.command,
    checkTimeout: check.timeout ?? CHECK_SECONDS,
    address: staging.address,
    checkSsh: destinationOf(check.ssh),
    production: { name: production.name, port: production.port },
    host: image.host,
    compose: compose === undefined ? undefined : { ...compose, worktree },
  };
}
