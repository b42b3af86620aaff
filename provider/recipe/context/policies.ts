import { createHash } from "node:crypto";
import { basename } from "node:path";
import { messageOf } from "../../base/errors/message";
import { readIfThere } from "../../base/read-if-there";
import { ContextError } from "./errors";
import { frame } from "./frame";
import type { HashedEntry } from "./hash";

/** The variable with the path of a source policy that buildx gives to BuildKit. */
export const SOURCE_POLICY = "EXPERIMENTAL_BUILDKIT_SOURCE_POLICY";

/** The file beside a recipe that decides which sources a build may use (`Dockerfile.rego`), as buildx reads it. */
export interface BuildPolicy {
  /** The recipe's own file name, which the policy can ask for. */
  recipe: string;
  text: string;
}

/** What decides about the sources of a build. */
export interface Policies {
  /** null: there is no such file. */
  build: BuildPolicy | null;
  /** What a hash of the context has to cover besides: the content of each policy. */
  entries: HashedEntry[];
}

/** The error for a policy that is there, or is named, and can't be read. Without it a build might use what it forbids. */
function unreadable(path: string, cause: unknown): ContextError {
  return new ContextError(
    "context-unreadable",
    path,
    `The build policy ${path} can't be read: ${messageOf(cause)}. Make it readable, or take it away if the build is to run without it.`,
    { cause },
  );
}

async function policyIn(file: string): Promise<string | null> {
  return await readIfThere(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
}

function entryOf(name: string, text: string): HashedEntry {
  const path = `policy ${name}`;
  const content = createHash("sha256").update(text).digest();
  return { path, frame: frame("f", 0, path, content) };
}

/**
 * Reads the policies that are in force for a build of this recipe.
 *
 * @throws {ContextError} when one is there, or is named, and can't be read
 */
export async function readPolicies(
  recipe: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Policies> {
  const text = await policyIn(`${recipe}.rego`);
  const build = text === null ? null : { recipe: basename(recipe), text };
  const entries = text === null ? [] : [entryOf(`${basename(recipe)}.rego`, text)];
  const named = environment[SOURCE_POLICY];
  if (named) {
    const source = await policyIn(named);
    if (source === null)
      throw unreadable(named, new Error(`there is no such file; ${SOURCE_POLICY} names it`));
    entries.push(entryOf(basename(named), source));
  }
  return { build, entries };
}

/** A context's hash that covers more than its files; the same hash if there is no more. */
export function withEntries(hash: string, more: readonly HashedEntry[]): string {
  if (more.length === 0) return hash;
  const whole = createHash("sha256").update(hash);
  for (const { frame: bytes } of more) whole.update(bytes);
  return `sha256:${whole.digest("hex")}`;
}
