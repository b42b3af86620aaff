import { z } from "zod";
import { provenanceVerdict } from "../base/revision/verdict";
import { isFullRevision, type Revision } from "../base/revision/revision";
import { parseDestination } from "../base/ssh/destination";
import { secretIssue } from "./check-shapes";
import { CA_SECRET } from "../recipe/ca-bundle/inject";
import { parseTagReference } from "../base/reference/explicit";
import { pushProblem, firstDuplicate } from "./push-target";
import { contextProblem } from "./named-contexts";
import { NAME, NAME_CHARACTERS } from "./name";

/** A path that is not empty. */
export const path = (what: string): z.ZodType<string, string> =>
  z.string({ error: `expected a path, ${what}` }).min(1, `is empty; expected a path, ${what}`);
export const text = z
  .string({ error: "expected a string" })
  .min(1, "is empty; leave it out or give it a value");
/** Docker reads `name=value`, so a name must not be empty or contain a `=`. */
export const strings = z.record(
  z.string().regex(/^[^=]+$/),
  z.string({ error: "expected strings as values" }),
  {
    error: (issue) =>
      issue.code === "invalid_key"
        ? "a name can't be empty, nor have a '=' in it"
        : "expected an object with strings as values",
  },
);
export const flag = z.boolean({ error: "expected true or false" });
/** The longest time that a timer can wait: 2^31 - 1 milliseconds. */
const MOST_SECONDS = 2_147_483;
export const seconds = z
  .number({ error: "expected a number of seconds" })
  .positive("expected more than 0 seconds")
  .max(MOST_SECONDS, `expected at most ${MOST_SECONDS} seconds (24 days)`);

const fullRevision = (empty: string): z.ZodType<Revision, string> =>
  z.string({ error: "expected a git revision" }).transform((value, context) => {
    if (isFullRevision(value)) return value;
    context.addIssue(
      value.trim() === ""
        ? `${empty}; validatedRevision(worktree) gives one, and an empty string when in doubt (no work tree, no commit, git failing)`
        : `"${value.slice(0, 64)}" is not a full git revision; expected 40 or 64 lower-case hex digits (git rev-parse HEAD)`,
    );
    return z.NEVER;
  });

/** The revision that an image is stamped with. */
export const revision = fullRevision("is empty: without a validated revision nothing is built");

/** The revision that an image's label is compared with. For an empty one the message is that of the verdict. */
export const expectedRevision = fullRevision(provenanceVerdict("", null).message);

export const timeouts = z.strictObject(
  { git: seconds.optional(), inspect: seconds.optional(), rebuild: seconds.optional() },
  { error: "expected an object with some of git, inspect, rebuild (seconds)" },
);

const ENDPOINT_OR_CONTEXT = /^(?:(?:unix|tcp|npipe|fd):\/\/\S+|[A-Za-z0-9][A-Za-z0-9_.+-]*)$/;
/** A local socket is a path, so it may contain an `@`. */
const LOCAL_SOCKET = /^(?:unix|npipe|fd):\/\//;
const USERINFO_REFUSED =
  "has a user or a password in it, which would stand in the state; leave it out: Docker over tcp:// knows certificates only";

/** `unix://`, `tcp://`, `ssh://` or a context's name. It is written to the state, so it must not contain a secret. */
export const host = z
  .string({ error: "expected a Docker endpoint or a context's name" })
  .superRefine((text, context) => {
    if (text.startsWith("ssh://")) {
      const read = parseDestination(text, true);
      if ("refused" in read) context.addIssue(secretIssue(read.refused, text));
    } else if (!LOCAL_SOCKET.test(text) && text.includes("@")) {
      context.addIssue(secretIssue(USERINFO_REFUSED, text));
    } else if (!ENDPOINT_OR_CONTEXT.test(text)) {
      context.addIssue("expected unix://..., tcp://..., ssh://user@host or the name of a Docker context");
    }
  });

/** The name of a builder, as buildx accepts it (`docker buildx create --name`), or of a Docker context. */
export const builder = z
  .string({ error: "expected the name of a buildx builder" })
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/,
    "is no name of a builder; `docker buildx ls` lists the ones that you have",
  );

/** Contexts beside the build context, by the names under which the recipe uses them. */
export const contexts = z.record(
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]*$/),
  z.string({ error: "expected strings as values" }).superRefine((source, context) => {
    const problem = contextProblem(source);
    if (problem !== null) context.addIssue({ code: "custom", message: problem, input: source });
  }),
  {
    error: (issue) =>
      issue.code === "invalid_key"
        ? "a name has letters, digits, and . _ : / - only"
        : "expected an object: a name to a directory, docker-image://name:tag, or a git repository at a full commit",
  },
);

/** Names that git takes for a branch (git check-ref-format), and never for an option. */
const branch = z
  .string({ error: "expected a branch's name, such as main or origin/main" })
  .regex(
    /^(?![-/.])(?!.*(?:\.\.|\/[/.]|@\{|\.lock(?:\/|$)|[/.]$))[^\x00-\x20\x7f~^:?*[\\]+$/,
    "is no name of a branch; expected one such as main or origin/main",
  );

/** The work tree that must contain the expected revision. */
export const commit = z.strictObject(
  {
    worktree: path("the work tree, such as ../app"),
    branch: branch.optional(),
    dirty: z.enum(["warn", "refuse"], { error: "expected warn or refuse" }).optional(),
  },
  { error: "expected an object with worktree, and maybe branch and dirty (warn or refuse)" },
);

/** A reference to push to. It must name its registry's host, so that nobody has to guess where an image goes. */
const pushTarget = z.string({ error: "expected a registry reference" }).superRefine((text, context) => {
  const problem = pushProblem(text);
  // An issue that is given as an object does not end the parsing, so the list is still checked for duplicates.
  if (problem !== null) context.addIssue({ code: "custom", message: problem, input: text });
});

export const pushTargets = z
  .array(pushTarget, { error: "expected a list of registry references" })
  .superRefine((targets, context) => {
    const twice = firstDuplicate(targets);
    if (twice !== null) context.addIssue(`names ${twice} twice`);
  })
  .transform((targets) => targets.map(parseTagReference));

/** Places of a build's cache, as buildx has them. */
export const cachePlaces = z.array(
  z
    .string({ error: "expected strings such as type=registry,ref=registry.example/web-app:cache" })
    .regex(/^[^\s-]\S*$/, "expected a place such as type=registry,ref=registry.example/web-app:cache"),
  { error: "expected a list of places such as type=registry,ref=registry.example/web-app:cache" },
);

export const artifactName = z
  .string({ error: "expected a string" })
  .max(NAME_CHARACTERS, `is longer than ${NAME_CHARACTERS} characters; choose a shorter name`)
  .regex(
    NAME,
    "expected lower-case letters and digits, parts joined by single '.', '_' or '-', such as web-app; it names the image and its folder in the store",
  );

export const platform = z
  .string({ error: "expected a platform" })
  .regex(/^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9]+)?$/, "expected os/architecture, such as linux/amd64");

/** Where docker finds the values of build secrets, by secret ID. */
export const buildSecrets = z.record(
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/)
    .refine((id) => id !== CA_SECRET),
  z.union([z.strictObject({ file: text }), z.strictObject({ env: text })], {
    error: "expected {file: path} or {env: variable} for each id",
  }),
  {
    error: (issue) =>
      issue.code === "invalid_key"
        ? `secret ids are letters, digits, '.', '_' and '-'; ${CA_SECRET} is this package's own`
        : "expected an object: secret id -> {file} or {env}",
  },
);

export const retain = z
  .number({ error: "expected a number of builds" })
  .int("expected a whole number of builds")
  .min(1, "expected at least 1: the latest build is never pruned");
