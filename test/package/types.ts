import assert from "node:assert/strict";
import { join } from "node:path";
import { runChild } from "../support/child";
import { writeInside } from "../support/pulumi-project";

/** Right and wrong uses; a wrong one that compiles is an error too. */
const USES = `
import { buildReproducible, provenanceVerdict, PromotedImage, ReproducibleImage } from "pulumi-verified-images";
import { image } from "pulumi-verified-images/provider";

const built = new ReproducibleImage("a", { context: ".", root: "store", verify: "skip" });
new PromotedImage("b", { source: built.imageId, targets: ["b:1"], expectedRevision: built.revision.apply(String) });
export const ok: boolean = provenanceVerdict(null, undefined).ok;
export const verified: Promise<"verified" | "unverified" | "unknown"> = buildReproducible({
  name: "c", context: ".", root: "store",
}).then((outputs) => outputs.verified);
export const check: unknown = image.check;
// @ts-expect-error a context is required
new ReproducibleImage("d", { root: "store" });
// @ts-expect-error there is no such input
new PromotedImage("e", { source: "x", targets: [], expectedRevison: "" });
// @ts-expect-error an output is not a string
export const id: string = built.imageId;
`;

/** Registers the test that the declarations compile in a stranger's project, every one of them looked at. */
export function itTypeChecks(directory: () => string): void {
  it("type-checks with strict, declarations of all dependencies included", async () => {
    await writeInside(directory(), "uses.ts", USES);
    const compilerOptions = { noEmit: true, skipLibCheck: false };
    const files = ["index.ts", "uses.ts"];
    const config = JSON.stringify({ extends: "./tsconfig.json", compilerOptions, files });
    await writeInside(directory(), "tsconfig.uses.json", config);
    const tsc = join(directory(), "node_modules/typescript/bin/tsc");
    const args = [tsc, "-p", "tsconfig.uses.json", "--pretty", "false"];
    const { code, stdout } = await runChild(process.execPath, args, { cwd: directory() });
    assert.equal(code, 0, stdout);
  });
}
