import { readFileSync } from "node:fs";
import type { Subject } from "../provider/packages/views/subject";

/** This package, as its package.json names it. */
export function tool(): Subject["tool"] {
  // By its own name, which is found from the sources and from dist alike.
  const file = require.resolve("pulumi-verified-images/package.json");
  const { name, version } = JSON.parse(readFileSync(file, "utf8")) as Subject["tool"];
  return { name, version };
}
