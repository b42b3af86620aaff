import { z } from "zod";
import { imageId, registryDigest } from "../../base/reference/schemas";
import { drift } from "../../store/mark";
import { noDrift } from "../../store/verification";
import type { Properties } from "../host/properties";

/** The outputs that the provider itself reads from the state. The other ones are only compared. */
const imageState = z.object({
  name: z.string(),
  root: z.string(),
  timestamp: z.string(),
  reference: z.string(),
  imageId,
  digest: registryDigest.nullable().default(null),
  lockHash: z.string(),
  lockFile: z.string(),
  verify: z.string().nullish(),
  verified: z.enum(["verified", "unverified", "unknown"]),
  drift: drift.default(noDrift),
  reason: z.string().nullable().default(null),
  unpinned: z
    .array(z.object({ line: z.number(), kind: z.string(), text: z.string(), reason: z.string() }))
    .default([]),
});

/** The build that a state is about. */
export type ImageState = z.output<typeof imageState>;

/** Reads a state; null: it has no build, or one that can't be read. */
export function readState(state: Readonly<Properties>): ImageState | null {
  return imageState.safeParse(state).data ?? null;
}
