import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { identityOf, thisProcess } from "../../../../provider/base/process/identity";
import { isAbandoned, isolatedName, LONGEST_USE } from "../../../../provider/base/process/leftovers";
import { makerMark, THROWAWAY, throwawayReference } from "../../../../provider/base/process/leftovers";
import { parseReference } from "../../../../provider/base/reference/parse";

describe("leftovers", () => {
  const { space, pid, started } = thisProcess();
  const gone = (): "gone" => "gone";

  it("carry their maker and their time", () => {
    assert.equal(makerMark(thisProcess(), 1_234_567), `${space}.${pid}.${started}.1234`);
    const maker = `${space}.${pid}.${started}.`;
    const name = isolatedName("guard", "ab12");
    assert.ok(name.startsWith(`verified-images-guard.${maker}`) && name.endsWith(".ab12"), name);
    const reference = throwawayReference("web-rebuild");
    assert.ok(reference.startsWith(`${THROWAWAY}:web-rebuild.${maker}`), reference);
    assert.notEqual(throwawayReference("web-rebuild"), reference, "two builds at once");
  });

  it("are abandoned when their process is gone, and never while it lives", () => {
    for (const name of [isolatedName("guard", "ab12"), throwawayReference("web")]) {
      assert.ok(isAbandoned(name, 0, gone), name);
      assert.ok(!isAbandoned(name, Number.MAX_VALUE, () => "alive"), name);
      assert.ok(!isAbandoned(name), name);
    }
    const name = (maker = thisProcess()): string => `${THROWAWAY}:web.${makerMark(maker)}.1`;
    assert.ok(isAbandoned(name(identityOf(spawnSync("true").pid))));
    assert.ok(isAbandoned(name({ ...thisProcess(), started: "1" })));
    assert.ok(!isAbandoned(name(identityOf(1))));
  });

  it("of which nobody can tell are abandoned when they are older than any build can be, and not before", () => {
    for (const changes of [{ space: "0".repeat(16) }, { started: null }]) {
      const who = { ...thisProcess(), ...changes };
      const name = `verified-images-ca.${makerMark(who, 1_000_000)}.ab12`;
      const judge = (): "unknown" => "unknown";
      assert.ok(!isAbandoned(name, 1_000_000 + LONGEST_USE, judge));
      assert.ok(isAbandoned(name, 1_001_000 + LONGEST_USE, judge));
      assert.ok(!isAbandoned(name, 0, judge), "a clock that was put back");
      assert.ok(!isAbandoned(name, NaN, judge), "a clock that can't be read");
    }
    const elsewhere = makerMark({ space: "0".repeat(16), pid: 7, started: "1" });
    assert.ok(!isAbandoned(`${THROWAWAY}:web.${elsewhere}.1`));
  });

  it("are never abandoned when they are not of this form", () => {
    const ends = ["", ".7", ".seven.1.1.ab12", ".7.1.1", ".7.1.1.ab12.more", "x.7.1.1.ab12"];
    const others = [
      "verified-images-guard.00000000.7.ab12",
      "verified-images/base:0123456789ab",
      "web:live",
      "",
    ];
    const throwaways = ends.map((end) => `${THROWAWAY}:web.${space}${end}`);
    for (const name of [`${THROWAWAY}:web`, ...throwaways, ...others])
      assert.ok(!isAbandoned(name, Number.MAX_VALUE, gone), name);
  });

  it("of an artifact whose name looks like a maker's are told by their end", () => {
    const name = throwawayReference(`web.${space}.7.1.1.ab12`);
    const told: number[] = [];
    isAbandoned(name, 0, (who) => (told.push(who.pid), "alive"));
    assert.deepEqual(told, [pid]);
  });

  it("are valid references for the longest artifact there is, and differ where artifacts differ", () => {
    const suffixes = ["a", "b"].flatMap((end) =>
      ["rebuild", "stage-0"].map((kind) => `${"x".repeat(127)}${end}-${kind}`),
    );
    const references = suffixes.map(throwawayReference);
    assert.equal(new Set(references).size, 4);
    for (const reference of references) {
      assert.equal(parseReference(reference).kind, "tag");
      assert.ok(isAbandoned(reference, 0, gone));
    }
    const widest = makerMark({ space, pid: 2 ** 22, started: "9".repeat(12) }, Date.now());
    assert.ok(64 + widest.length + ".".length + ".12345678".length <= 128, "a tag's length");
  });
});
