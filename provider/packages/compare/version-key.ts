import type { LockedPackage } from "../lock/types";

/** Longest version that is looked into, in characters. Longer ones are compared as they are. */
const MAXIMUM = 256;

/** A version as the Python packaging specification "Version specifiers" (once PEP 440) allows it to be written. */
const VERSION = new RegExp(
  "^\\s*v?" +
    "(?:(?<epoch>\\d+)!)?" +
    "(?<release>\\d+(?:\\.\\d+)*)" +
    "(?:[-_.]?(?<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?<preNumber>\\d+)?)?" +
    "(?<post>-(?<bareNumber>\\d+)|[-_.]?(?:post|rev|r)[-_.]?(?<postNumber>\\d+)?)?" +
    "(?<dev>[-_.]?dev[-_.]?(?<devNumber>\\d+)?)?" +
    "(?:\\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?" +
    "\\s*$",
);
const PRE_RELEASES = new Map(Object.entries({ alpha: "a", beta: "b", preview: "rc", pre: "rc", c: "rc" }));

/**
 * A package's version in the one form in which it is compared. A Python version may be written in several ways, which
 * are one version: `1.0-1` and `1.0.post1`, `1.0` and `v1.0.0`, `1.0RC1` and `1.0-rc.1`, `1.0+a-1` and `1.0+a.1`. Every
 * other version stays as it is.
 */
export function versionKey({ ecosystem, version }: Pick<LockedPackage, "ecosystem" | "version">): string {
  if (ecosystem !== "pip" || version.length > MAXIMUM) return version;
  const parts = VERSION.exec(version.toLowerCase())?.groups;
  if (parts?.release === undefined) return version;
  const { epoch = "0", release, pre, preNumber, post, bareNumber, postNumber, dev, devNumber, local } = parts;
  const all = release.split(".").map(plainNumber);
  const numbers = all
    .slice(
      0,
      Math.max(
        all.findLastIndex((number) => number !== "0"),
        0,
      ) + 1,
    )
    .join(".");
  return [
    `${plainNumber(epoch)}!${numbers}`,
    pre === undefined ? "" : `${PRE_RELEASES.get(pre) ?? pre}${plainNumber(preNumber)}`,
    post === undefined ? "" : `.post${plainNumber(bareNumber ?? postNumber)}`,
    dev === undefined ? "" : `.dev${plainNumber(devNumber)}`,
    local === undefined ? "" : `+${local.split(/[-_.]/).map(plainNumber).join(".")}`,
  ].join("");
}

/** Whether two packages of one ecosystem have the same version, however it is written. */
export function isSameVersion(a: LockedPackage, b: LockedPackage): boolean {
  return a.version === b.version || (a.ecosystem === "pip" && versionKey(a) === versionKey(b));
}

/** Digits without zeros in front, 0 for none. Anything else stays. */
function plainNumber(digits = "0"): string {
  return /^\d+$/.test(digits) ? digits.replace(/^0+(?=\d)/, "") : digits;
}
