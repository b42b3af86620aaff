import { InvalidArgumentError } from "commander";
import type { SecretSource } from "../../provider/inputs/timeouts";

const FORM = "Expected id=<id>,src=<file> or id=<id>,env=<variable>.";

/** Reads a build secret in Docker's own form, `id=token,src=./token` or `id=token,env=TOKEN`, and adds it to the others. */
export function secret(
  text: string,
  before: Record<string, SecretSource> = {},
): Record<string, SecretSource> {
  const fields = new Map<string, string>();
  for (const part of text.split(",")) {
    const [, key = "", value = ""] = /^([a-z]+)=(.+)$/.exec(part) ?? [];
    if (key === "" || fields.has(key)) throw new InvalidArgumentError(FORM);
    fields.set(key === "source" ? "src" : key, value);
  }
  const [id, file, env] = [fields.get("id"), fields.get("src"), fields.get("env")];
  const strange = [...fields.keys()].some((key) => !["id", "src", "env"].includes(key));
  if (id === undefined || strange || (file === undefined) === (env === undefined)) {
    throw new InvalidArgumentError(FORM);
  }
  if (Object.hasOwn(before, id)) throw new InvalidArgumentError(`${id} is given twice.`);
  const source: SecretSource = env === undefined ? { file: file ?? "" } : { env };
  return { ...before, [id]: source };
}
