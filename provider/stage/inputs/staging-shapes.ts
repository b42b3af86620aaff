import { z } from "zod";
import { parseDestination } from "../../base/ssh/destination";
import { HOST_KEY, HOST_KEY_NEEDED, HOST_KEY_RSA, RSA_HOST_KEY } from "../../base/ssh/host-key";
import { secretIssue } from "../../inputs/check-shapes";
import { host, seconds } from "../../inputs/shapes";

/** Docker's rule for the names of containers. */
const CONTAINER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]+$/;
const MOST_PORT = 65_535;

/** Limit for a command in characters. Linux passes at most 128 KiB in one argument (execve(2)). */
const MOST_COMMAND = 100_000;

const containerName = z
  .string({ error: "expected a container's name" })
  .regex(
    CONTAINER_NAME,
    "expected a container's name: letters, digits, '_', '.' and '-', at least two of them",
  );
const port = z
  .number({ error: "expected a port number" })
  .int("expected a port number")
  .min(1, "expected a port between 1 and 65535")
  .max(MOST_PORT, "expected a port between 1 and 65535");

const given = (what: string): z.ZodString =>
  z.string({ error: `is missing; give ${what}` }).min(1, `is empty; give ${what}`);

/** The name of a service or profile, by the rule of the Compose Specification. */
const composeName = (what: string): z.ZodString =>
  given(what).regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, `expected ${what}: letters, digits, '_', '.' and '-'`);

const compose = z.strictObject(
  {
    file: given("the path of the compose file"),
    /** Further files; compose merges them into the first one, in this order. */
    overrides: z.array(given("the path of a compose file")).nullish(),
    profile: composeName("the profile that the service is in"),
    service: composeName("the service that the release runs in"),
    /** The compose project's name; default: compose's own default. */
    project: z
      .string({ error: "expected a compose project's name" })
      .regex(/^[a-z0-9][a-z0-9_-]*$/, "expected a project's name: lower-case letters, digits, '_' and '-'")
      .nullish(),
    worktree: given("the work tree"),
    /** The work tree's path on the engine's host; default: the same path. */
    worktreeOnHost: z
      .string({ error: "expected a path" })
      .startsWith("/", "expected an absolute path, of the engine's host")
      .nullish(),
  },
  { error: "expected an object with file, profile and service, and perhaps project and worktreeOnHost" },
);

/** A host name or an IP address, without port or brackets. */
const ADDRESS = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*)|[0-9A-Fa-f]*:[0-9A-Fa-f:.]*)$/;

/** The destination of a check over ssh, as text. */
export const destination = z.string().superRefine((text, context) => {
  const read = parseDestination(text);
  if ("refused" in read) context.addIssue(secretIssue(read.refused, text));
});
/** One hop of a connection as in `@pulumi/command`, without its secrets. */
const hop = z.object({
  host: z
    .string({ error: "is missing; name the host to connect to" })
    .refine((text) => !("refused" in parseDestination(text)) && !text.includes("/") && !text.includes("@"), {
      error: "expected a host name or an address",
    }),
  user: z.string({ error: "expected a user's name" }).nullish(),
  port: port.nullish(),
  hostKey: z
    .string({ error: HOST_KEY_NEEDED })
    .regex(
      HOST_KEY,
      "expected a public key as in known_hosts: a type and base64, such as ssh-ed25519 AAAA...",
    )
    .refine((key) => !RSA_HOST_KEY.test(key), { error: HOST_KEY_RSA }),
});

const connection = hop.extend({ proxy: hop.nullish() });

/** One schema for each input. */
export const STAGING_SHAPES = {
  /** The staging container's name. */
  name: containerName,
  /** The port that staging listens on, on the engine's host. */
  port,
  /** The port inside the container; with compose the file says which. */
  containerPort: port,
  /** Path of the health check. */
  healthPath: z
    .string({ error: "expected a path such as /health" })
    .regex(/^\/[^\s#]*$/, "expected a path that begins with '/', such as /health"),
  /** Seconds within which the new container has to be healthy. */
  healthTimeout: seconds,
  /** The check's command, text for `sh -c`. */
  checkCommand: z
    .string({ error: "expected a shell command" })
    .max(MOST_COMMAND, `is longer than ${MOST_COMMAND} characters; put it into a script`)
    .refine((text) => !text.includes("\0"), "has a NUL character in it, which no command can have")
    .refine((text) => text.trim() !== "", "is empty; give the command that decides whether staging is good"),
  /** Seconds within which the check has to end. */
  checkTimeout: seconds,
  /** Host name or address at which staging is reached from here; default: the host of the engine's endpoint. */
  address: z
    .string({ error: "expected a host name or an address" })
    .regex(ADDRESS, "expected a host name or an address, without a port"),
  /** The host on which the check runs; default: this one. */
  checkSsh: connection,
  /** Production's container name and port, which staging must not take. */
  production: z.object({ name: containerName.nullish(), port: port.nullish() }),
  host,
  /** The compose service that the release runs in, and the work tree. */
  compose,
};

/** All inputs together, once they are known. */
export const stagingSchema = z.object({
  ...STAGING_SHAPES,
  containerPort: STAGING_SHAPES.containerPort.nullish(),
  address: STAGING_SHAPES.address.nullish(),
  checkSsh: z.union([destination, connection]).nullish(),
  host: host.nullish(),
  compose: compose.nullish(),
});

/** The inputs of a staged release, read and checked. */
export type StagingInputs = z.infer<typeof stagingSchema>;

/** A service of a compose file in which a release is tried. Paths are those of this process. */
export type ComposeSettings = z.infer<typeof compose>;
