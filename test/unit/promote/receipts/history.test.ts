import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import fc from "fast-check";
import { headOf, parseHistory } from "../../../../provider/promote/receipts/history";
import { id } from "../../store/scratch";
import { bytesOf, chainOf, factsWith, REVISION } from "./facts";
import { namedImages, rollbackOf } from "../../../../provider/promote/receipts/named";
import type { ReceiptFacts } from "../../../../provider/promote/receipts/receipt";

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
    assert.deepEqual([history.problems, history.torn], [[], null]);
    const lines = history.lines.map(({ line, receipt }) => `${line} ${receipt?.imageId}`);
    assert.deepEqual(lines, [`1 ${id("a")}`, `2 ${id("b")}`, `3 ${id("a")}`]);
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
    const missing =
      "2 does not follow line 1: lines between them were removed, added or put in another order";
    assert.deepEqual(problems([ONE, LAST]), [missing]);
    assert.equal(problems([ONE, LAST, TWO]).length, 2);
    assert.deepEqual(problems([ONE, ONE]), ["2 starts a history of its own, and does not follow line 1"]);
  });

  it("names a line that is no receipt", () => {
    for (const text of ["", "{}", "null", "not JSON", ONE.slice(0, -1)])
      assert.deepEqual(problems([ONE, text, LAST]), ["2 is no receipt"], text);
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

const of = (...facts: Partial<ReceiptFacts>[]) =>
  parseHistory(bytesOf(chainOf(...facts.map((one) => factsWith(one)))));
const to = (letter: string, target = "web:production", changes: Partial<ReceiptFacts> = {}) => ({
  imageId: id(letter),
  targets: [target],
  previous: { [target]: null },
  ...changes,
});

const kept = (history: ReturnType<typeof of>): string[] => [...namedImages(history)].sort();
const ids = (letters: string): string[] => [...letters].map(id);

describe("what a history needs to be kept", () => {
  it("is what each target names, and what it named before, and nothing older", () => {
    const history = of(to("1"), to("2"), to("3"), to("8", "api:live"), to("4"), to("4"));
    assert.deepEqual(kept(history), ids("348"));
    assert.deepEqual(kept(of()), []);
  });

  it("is also what a target named before its first receipt, and a digest", () => {
    const digest = id("d");
    const history = of(to("1", "web:production", { digest, previous: { "web:production": id("0") } }));
    assert.deepEqual(kept(history), ids("01d"));
  });

  it("is that on each engine, for a target of one name is another one elsewhere", () => {
    const on = (host: string | null | undefined, letter: string, target?: string) =>
      to(letter, target, { host });
    const onA = ["2", "3", "4"].map((letter) => on("ssh://a", letter));
    assert.deepEqual(kept(of(on(undefined, "1"), ...onA, on(null, "5"))), ids("1345"));
    const shared = "registry.example/web:live";
    const registry = of(on("ssh://a", "1", shared), on("ssh://b", "2", shared), on(null, "3", shared));
    assert.deepEqual(kept(registry), ids("23"), "a registry is the same from everywhere");
  });

  it("is all that a line mentions which can't be believed", () => {
    const [first = "", ...rest] = chainOf(factsWith(to("1")), factsWith(to("2")), factsWith(to("3")));
    const edited = first.replace("ann", "bob");
    assert.ok(namedImages(parseHistory(bytesOf([edited, ...rest]))).has(id("1")));
    assert.ok(namedImages(parseHistory(bytesOf([`x${first}`, ...rest]))).has(id("1")));
    assert.ok(!namedImages(parseHistory(bytesOf([first, ...rest]))).has(id("1")));
  });
});

describe("what takes a target back", () => {
  const PRODUCTION = "web:production";
  const target = "registry.example:5000/team/web:production";
  const sourceOf = (history: ReturnType<typeof of>, target = PRODUCTION) =>
    rollbackOf(history, target)?.source;

  it("is the last other image that it had, with that image's own revision", () => {
    const history = of(to("1"), to("2", PRODUCTION, { revision: "b2".repeat(20) }), to("9", "api:live"));
    assert.deepEqual(rollbackOf(history, PRODUCTION), { source: id("1"), expectedRevision: REVISION });
    assert.equal(rollbackOf(history, "api:live"), null);
    assert.equal(rollbackOf(history, "no:target"), null);
  });

  it("is forward again after it was taken back", () =>
    assert.equal(sourceOf(of(to("1"), to("2"), to("1"))), id("2")));

  it("is nothing where the earlier image has no revision to expect", () =>
    assert.equal(rollbackOf(of(to("1", PRODUCTION, { revision: null }), to("2")), PRODUCTION), null));

  it("is on the same engine as the target's last promotion", () => {
    const away = (letter: string) => to(letter, PRODUCTION, { host: "ssh://a" });
    assert.equal(sourceOf(of(away("1"), to("2"), away("3"))), id("1"));
    assert.equal(rollbackOf(of(to("1"), away("2")), PRODUCTION), null);
  });

  it("is an image of the engine where a target is there, also for a target in a registry", () => {
    const both = { targets: [target, "web:production"], digest: id("d") };
    const history = of(to("1", target, both), to("2", target, { ...both, digest: id("e") }));
    assert.deepEqual([sourceOf(history, target), sourceOf(history)], [id("1"), id("1")]);
  });

  it("is named by its digest in a registry", () => {
    const history = of(to("1", target, { digest: id("d") }), to("2", target, { digest: id("e") }));
    assert.equal(sourceOf(history, target), `registry.example:5000/team/web@${id("d")}`);
  });
});
