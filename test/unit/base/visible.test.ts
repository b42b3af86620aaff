import assert from "node:assert/strict";
import { VerifiedImagesError } from "../../../provider/base/errors/base";
import { provenanceVerdict } from "../../../provider/base/revision/verdict";
import { visible, visibleJson, visibleLines } from "../../../provider/base/words/visible";
import { runCommand } from "../../../cli/run";
import { rowLog } from "../../../provider/pulumi/host/row-log";
import { withVisibleCheck } from "../../../provider/pulumi/host/visible-check";

const ODD = "a\u001b[31mb\rc\u009bd\u202ee\u200bf\u2028g\u{e0041}h";
const SHOWN = "a\\u{1b}[31mb\\u{d}c\\u{9b}d\\u{202e}e\\u{200b}f\\u{2028}g\\u{e0041}h";
const MANY = `${ODD}\n\ti`;

describe("what is shown", () => {
  it("has hidden characters spelt out, and keeps line breaks only where there may be some", () => {
    assert.equal(visible(MANY), `${SHOWN}\\u{a}\\u{9}i`);
    assert.equal(visibleLines(MANY), `${SHOWN}\n\ti`);
    assert.equal(visible("plain – text, 日本"), "plain – text, 日本");
  });

  it("reads the same as JSON", () => {
    const json = visibleJson({ [ODD]: [MANY] });
    assert.equal(visibleLines(json), json);
    assert.deepEqual(JSON.parse(json), { [ODD]: [MANY] });
  });

  it("is an error's message, a verdict, a line on a row and what a check answers", async () => {
    assert.equal(new VerifiedImagesError("x", MANY).message, `${SHOWN}\n\ti`);
    assert.equal(
      provenanceVerdict("f".repeat(40), "\u001b]0;ok").message,
      `provenance mismatch: image \\u{1b}]0;ok != expected ${"f".repeat(12)}`,
    );
    const lines: string[] = [];
    const log = rowLog("urn:x", {
      log: { log: (_severity, message) => Promise.resolve(void lines.push(message)), close: () => undefined },
    });
    log.write("warning", ODD);
    log.show(ODD);
    await log.flush();
    assert.deepEqual(lines, [SHOWN, SHOWN]);
    const answer = { inputs: { live: ODD, name: ODD }, failures: [{ property: "targets", reason: MANY }] };
    const provider = withVisibleCheck({ check: (_olds: unknown, _news: unknown) => Promise.resolve(answer) });
    assert.deepEqual(await provider.check(undefined, {}), {
      inputs: { live: SHOWN, name: ODD },
      failures: [{ property: "targets", reason: `${SHOWN}\n\ti` }],
    });
  });

  it("is what the command prints", async () => {
    const printed: string[] = [];
    const world = {
      env: {},
      directory: "/",
      out: (text: string) => printed.push(text),
      err: (text: string) => printed.push(text),
    };
    await runCommand(["list", "--root", `/none/${ODD}`], world);
    await runCommand(["list", "--root", `/none/${ODD}`, "--json"], world);
    const all = printed.join("");
    assert.ok(all.includes(SHOWN), all);
    assert.equal(visibleLines(all), all);
  });
});
