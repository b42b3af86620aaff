import { shortDigest } from "../../base/reference/digest";
import type { Warning } from "../../base/words/warning";
import type { Difference } from "../../store/inspect-build";

const AGAIN = "Run `pulumi up`: it builds, locks and compares again.";
const RESTORE = "Put the file back, or run `pulumi up`: it builds, locks and compares again.";

/** A difference between a recorded build and what is there, as a warning on the resource's row. */
export function differenceWarning({ what, of }: Difference): Warning {
  const [{ name, was, now }] = of;
  switch (what) {
    case "image gone":
      return {
        what: `image gone: ${name} is no longer on the engine`,
        why: `Its image ID is ${was}.`,
        todo: AGAIN,
      };
    case "name gone":
      return {
        what: `name gone: the image is no longer called ${name}`,
        why: `The image itself is there: ${was}.`,
        todo: "Run `pulumi up`: it gives the name back, and builds nothing.",
      };
    case "image replaced":
      return {
        what: `image replaced: ${name} names another image`,
        why: `It names ${now ?? "nothing"} now, not the ${was} that was built.`,
        todo: AGAIN,
      };
    case "lock missing":
      return {
        what: `lock missing: the store has no lock of ${name}`,
        why: "Without it nothing says what is in the image.",
        todo: RESTORE,
      };
    case "lock changed":
      return {
        what: `lock changed: it is not the one that was written for ${name}`,
        why: `Its hash is ${now ?? "not known"} now, and was ${was}.`,
        todo: RESTORE,
      };
    case "base moved":
      return {
        what: `base image moved: ${of.map((base) => `${base.name} is ${shortDigest(base.now ?? "")} now`).join("; ")}`,
        why: of.map((base) => `The build has used ${base.name} as ${base.was}.`).join(" "),
        todo: "Run `pulumi up`: it builds from the image that the name stands for now.",
      };
  }
}
