import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { headOf, parseHistory } from "../../../../provider/promote/receipts/history";
import { id } from "../../store/scratch";
import { bytesOf, chainOf, factsWith } from "./facts";

const sha = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const THREE = chainOf(
  factsWith(),
  factsWith({ imageId: id("b"), previous: { "web:production": id("a") } }),
  factsWith({ override: { reason: "the site is down", refused: ["provenance mismatch"] } }),
);
const [ONE = "", TWO = "", LAST = ""] = THREE;
const problems = (lines: readonly string[]): string[] =>
  parseHistory(bytesOf(lines)).problems.map(({ line, message }) => `${line} ${message}`);

describe("a history of promotions", () => {
  it("is canonical JSON, each line with the hash of the one before and its own", () => {
    const [first, second] = [JSON.parse(ONE), JSON.parse(TWO)] as Record<string, unknown>[];
    assert.equal(first?.prev, null);
    assert.equal(second?.prev, sha(ONE));
    const { hash, ...rest } = second ?? {};
    assert.equal(hash, sha(canonicalize(rest) ?? ""));
    assert.equal(canonicalize(second), TWO);
  });

  it("is whole as it was written, and when it is empty", () => {
    const history = parseHistory(bytesOf(THREE));
    assert.deepEqual(history.problems, []);
    assert.equal(history.torn, null);
    assert.deepEqual(
      history.lines.map(({ line, receipt }) => [line, receipt?.imageId]),
      [
        [1, id("a")],
        [2, id("b")],
        [3, id("a")],
      ],
    );
    assert.equal(headOf(history), sha(LAST));
    assert.deepEqual(parseHistory(Buffer.alloc(0)), { lines: [], problems: [], torn: null });
    assert.equal(headOf(parseHistory(Buffer.alloc(0))), null);
  });

  it("names the line that was changed, and not the one after it, wherever it stands", () => {
    THREE.forEach((line, index) => {
      const lines = [...THREE];
      lines[index] = line.replace(/"user":"ann"/, '"user":"bob"');
      assert.deepEqual(problems(lines), [`${index + 1} was changed after it was written`]);
    });
    assert.deepEqual(problems([ONE, TWO.replace("{", "{ "), LAST]), ["2 was changed after it was written"]);
  });

  it("names the line before which one was removed, and lines in another order", () => {
    assert.deepEqual(problems([TWO, LAST]), ["1 is not the first promotion: lines before it were removed"]);
    assert.deepEqual(problems([ONE, LAST]), [
      "2 does not follow line 1: lines between them were removed, added or put in another order",
    ]);
    assert.equal(problems([ONE, LAST, TWO]).length, 2);
    assert.deepEqual(problems([ONE, ONE]), ["2 starts a history of its own, and does not follow line 1"]);
  });

  it("names a line that is no receipt", () => {
    for (const text of ["", "{}", "null", "not JSON", ONE.slice(0, -1)]) {
      assert.deepEqual(problems([ONE, text, LAST]), ["2 is no receipt"], text);
    }
  });

  it("tells what a crash has cut off from what was changed", () => {
    const cut = Buffer.concat([bytesOf([ONE]), Buffer.from(TWO.slice(0, 40))]);
    const { lines, problems: found, torn } = parseHistory(cut);
    assert.deepEqual([lines.length, found, torn?.toString()], [1, [], TWO.slice(0, 40)]);
    const only = parseHistory(Buffer.from("{"));
    assert.deepEqual([only.lines.length, only.torn?.toString()], [0, "{"]);
  });

  it("reads fields that a later version adds, as part of what was written", () => {
    const [line = ""] = chainOf({ ...factsWith(), ticket: "OPS-1" });
    assert.deepEqual(problems([line]), []);
    assert.equal(problems([line.replace("OPS-1", "OPS-2")]).length, 1);
  });

  it("sees any change of any one character", () => {
    const whole = bytesOf(THREE).toString();
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.string({ maxLength: 2 }), (at, by) => {
        const text = whole.slice(0, at) + by + whole.slice(at + 1);
        const { problems: found, torn } = parseHistory(Buffer.from(text));
        return text === whole || found.length > 0 || torn !== null;
      }),
    );
  });
});
