import { readFileSync } from "node:fs";
import type { Subject } from "../provider/packages/views/subject";

/** This package's name and version, from its package.json. */
export function tool(): Subject["tool"] {
  // Resolved by its name, which works from the sources and from dist.
  const file = require.resolve("pulumi-verified-images/package.json");
  const { name, version } = JSON.parse(readFileSync(file, "utf8")) as Subject["tool"];
  return { name, version };
}
