import { backgroundDetail, howToVerify } from "../../provider/build/roundtrip/background-words";
import { backgroundReason } from "../../provider/store/verifying";
import type { Background } from "../../provider/store/verified-state";
import { nameOf } from "../name-of";

/**
 * Lines about a build's verification in the background, and what to do next; empty when there is none.
 *
 * @param root the store, as the user named it
 */
export function backgroundText(background: Background | null, reference: string, root: string): string {
  if (background === null) return "";
  const name = nameOf(reference);
  if (background.phase === "running") {
    const look = `verified-images list ${name} --root ${root}, or show, tells what came of it`;
    return `${backgroundDetail(background, root)}\n${look}\n`;
  }
  return `${backgroundReason(background)}\n${howToVerify(reference)} verifies the same build again\n`;
}
