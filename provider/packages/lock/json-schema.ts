import { z } from "zod";
import { lockSchema } from "./schema";

/** The JSON Schema of the locks that this package writes, as text. `schemas/lock.schema.json` has it. */
export function lockJsonSchema(): string {
  const schema = z.toJSONSchema(lockSchema, { target: "draft-2020-12", io: "input" });
  return `${JSON.stringify({ title: "A lock of pulumi-verified-images", ...schema }, null, 2)}\n`;
}
