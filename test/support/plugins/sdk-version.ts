import { readFileSync } from "node:fs";

/** The version of an installed SDK, which is also its plugin's. */
export function sdkVersion(sdk: string): string {
  const text = readFileSync(require.resolve(`${sdk}/package.json`), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
