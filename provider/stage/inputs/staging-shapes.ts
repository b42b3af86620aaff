import { z } from "zod";
import { parseDestination } from "../../base/ssh/destination";
import { HOST_KEY, HOST_KEY_NEEDED } from "../../base/ssh/host-key";
import { secretIssue } from "../../inputs/check-shapes";
import { host, seconds } from "../../inputs/shapes";

/** Names that Docker takes for containers. */
const CONTAINER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]+$/;
const MOST_PORT = 65_535;

/** The longest string that Linux hands to a program is 128 KiB (execve(2)). */
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

/** A service's or a profile's name, as the Compose Specification has them. */
const composeName = (what: string): z.ZodString =>
  given(what).regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, `expected ${what}: letters, digits, '_', '.' and '-'`);

const compose = z.strictObject(
  {
    file: given("the path of the compose file"),
    /** Further files, which compose lays over the first. */
    overrides: z.array(given("the path of a compose file")).nullish(),
    profile: composeName("the profile that the service is in"),
    service: composeName("the service that the release runs in"),
    /** The compose project's name; default: the one that compose takes. */
    project: z
      .string({ error: "expected a compose project's name" })
      .regex(/^[a-z0-9][a-z0-9_-]*$/, "expected a project's name: lower-case letters, digits, '_' and '-'")
      .nullish(),
    worktree: given("the work tree"),
    /** The work tree as the engine's host sees it; default: at the same path. */
    worktreeOnHost: z
      .string({ error: "expected a path" })
      .startsWith("/", "expected an absolute path, of the engine's host")
      .nullish(),
  },
  { error: "expected an object with file, profile and service, and perhaps project and worktreeOnHost" },
);

/** A host name or an IP address, without port or brackets. */
const ADDRESS = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*)|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*)$/;

/** Where a check over ssh runs, as text. */
export const destination = z.string().superRefine((text, context) => {
  const read = parseDestination(text);
  if ("refused" in read) context.addIssue(secretIssue(read.refused, text));
});
/** One hop of a connection of `@pulumi/command`, less its secrets. */
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
    ),
});

const connection = hop.extend({ proxy: hop.nullish() });

/** The shape of each input, one schema a property. */
export const STAGING_SHAPES = {
  /** The staging container's name. */
  name: containerName,
  /** The port that staging listens on, on the engine's host. */
  port,
  /** The port inside the container; with compose the file says it. */
  containerPort: port,
  /** Path that is asked for health. */
  healthPath: z
    .string({ error: "expected a path such as /health" })
    .regex(/^\/[^\s#]*$/, "expected a path that begins with '/', such as /health"),
  /** Seconds in which the fresh container has to be healthy. */
  healthTimeout: seconds,
  /** Text for `sh -c`. */
  checkCommand: z
    .string({ error: "expected a shell command" })
    .max(MOST_COMMAND, `is longer than ${MOST_COMMAND} characters; put it into a script`)
    .refine((text) => !text.includes("\0"), "has a NUL character in it, which no command can have")
    .refine((text) => text.trim() !== "", "is empty; a staged release needs a command that decides"),
  /** Seconds in which the check has to end. */
  checkTimeout: seconds,
  /** Where staging can be reached from here; default: by the engine's endpoint. */
  address: z
    .string({ error: "expected a host name or an address" })
    .regex(ADDRESS, "expected a host name or an address, without a port"),
  /** Where the check runs; default: here. */
  checkSsh: connection,
  /** What must not be touched. */
  production: z.object({ name: containerName.nullish(), port: port.nullish() }),
  host,
  /** The service of a compose file that the release runs in; the work tree comes with it. */
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

/** What a staged release has to know before anything is touched. */
export type StagingInputs = z.infer<typeof stagingSchema>;

/** A service of a compose file in which a release is tried. Paths are those of this process. */
export type ComposeSettings = z.infer<typeof compose>;
