import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { injectAptHook } from "../../../../provider/recipe/apt-records/inject-hook";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { each } from "../../../support/each";

const PINS = 'ARG APT_CONFIG="/dev/verified-images/apt.conf"\n';

/** The apt.conf that the RUNs of a stage see. */
async function configuration(lines: string): Promise<string> {
  const hook = await injectAptHook([]);
  try {
    const stage = parseDockerfile(`FROM debian:12\n${lines}RUN x\n`).stages[0];
    assert.ok(stage !== undefined);
    const mount = hook.mounts(stage).find((one) => one.includes("target=/dev/verified-images/apt.conf"));
    const id = /id=([^,]+)/.exec(mount ?? "")?.[1] ?? "";
    return await readFile(hook.secrets[id]?.file ?? "", "utf8");
  } finally {
    await hook.dispose();
  }
}

describe("apt's configuration while a build records what apt installs", () => {
  each("%s", [
    ["reads no preferences of ours without pins", "", /^(?!.*Preferences)/s],
    [
      "reads only the pins in a locked recipe",
      PINS,
      /preferences"[^]*PreferencesParts "\/dev\/verified-images/,
    ],
    [
      "reads only the pins where those of pip and npm are set free",
      `${PINS}ARG VERIFIED_IMAGES_FREE=1\n`,
      /PreferencesParts "\/dev\/verified-images/,
    ],
    [
      "reads the image's own preferences too where a lock is renewed, and prints what it can't satisfy",
      `${PINS}ARG VERIFIED_IMAGES_FREE="all"\n`,
      /^(?!.*PreferencesParts).*Preferences "\/dev\/verified-images\/preferences".*pkgProblemResolver "true"/s,
    ],
  ] as [string, string, RegExp][])(async (_, lines, expected) =>
    assert.match(await configuration(lines), expected),
  );
});
