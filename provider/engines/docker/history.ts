/** The part of an image configuration that matters here (OCI image spec, image configuration). */
export interface ImageConfiguration {
  rootfs: { type: string; diff_ids: string[] };
  history?: { created_by?: string; empty_layer?: boolean }[];
}

/**
 * An image configuration without the traces of build arguments that were ours: their ARG entries go, and so
 * does their mention before each RUN (`|2 OURS=... THEIRS=... /bin/sh -c ...`). Layers stay as they are.
 * Null when there is no trace.
 *
 * @param traces name and value of each argument that the recipe itself does not have
 */
export function withoutTraces<T extends ImageConfiguration>(
  configuration: T,
  traces: Readonly<Record<string, string>>,
): T | null {
  const ours = Object.entries(traces).map(([name, value]) => `${name}=${value}`);
  const entries = configuration.history ?? [];
  const kept = entries.filter(
    (entry) => !(entry.empty_layer === true && ours.some((text) => entry.created_by === `ARG ${text}`)),
  );
  const history = kept.map((entry) =>
    entry.created_by === undefined
      ? entry
      : { ...entry, created_by: withoutArguments(entry.created_by, ours) },
  );
  const changed = JSON.stringify(history) !== JSON.stringify(entries);
  return changed ? { ...configuration, history } : null;
}

function withoutArguments(createdBy: string, ours: readonly string[]): string {
  const match = /^((?:RUN )?)\|([0-9]+) ([\s\S]*)$/.exec(createdBy);
  if (match === null) return createdBy;
  const [, lead = "", count = "0", listed = ""] = match;
  let rest = listed;
  let left = Number(count);
  for (const text of ours) {
    const at = rest.indexOf(`${text} `);
    if (at === -1) continue;
    rest = rest.slice(0, at) + rest.slice(at + text.length + 1);
    left -= 1;
  }
  return left > 0 ? `${lead}|${left} ${rest}` : `${lead}${rest}`;
}
