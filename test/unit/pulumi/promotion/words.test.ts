import assert from "node:assert/strict";
import { warningText } from "../../../../provider/base/words/warning";
import * as words from "../../../../provider/pulumi/promotion/words";
import { id } from "../../store/scratch";

const LONG = ["registry.example.com:5000/a-large-team/web-app:production", "web:canary"];
const NAMES = LONG.join(", ");

describe("the row of a promotion", () => {
  it("begins with the outcome and the verdict, however long the targets are", () => {
    const verdict = "provenance match: b1feda6ce89f";
    assert.equal(
      words.promotedLine(LONG, id("a"), { verdict, override: null }),
      `promoted, ${verdict}; ${NAMES} -> aaaaaaaaaaaa`,
    );
    const override = { reason: "the shop is down", refused: [] };
    assert.match(
      words.promotedLine(LONG, id("a"), { verdict: "provenance mismatch: image a != expected b", override }),
      /^promoted by override, provenance mismatch: /,
    );
  });

  for (const [claim, warning, todo] of [
    ["in a registry", words.stayInRegistry(LONG), /Delete by hand, in the registry,/],
    ["that another resource has", words.belongsToAnother("web:canary", "urn:other"), /nothing to do/],
    ["that somebody moved", words.movedMeanwhile(LONG), /`docker image rm \S+ web:canary`/],
    ["whose owner is not known", words.ownerUnknown(LONG, "no store"), /`docker image rm /],
    ["on an engine that is not known", words.engineUnknown(LONG, "ssh://old"), /`docker image rm /],
    ["that the engine keeps", words.removalFailed(LONG, "in use"), /`docker image rm /],
  ] as const) {
    it(`says of a tag ${claim} that it is not removed, why, and what to do`, () => {
      const [what = "", why = "", last = "", ...more] = warningText(warning).split("\n");
      assert.match(what, /^not removed: /);
      assert.match(why, /^ {2}[A-Zu].*\.$/);
      assert.match(last, todo);
      assert.deepEqual(more, []);
    });
  }

  it("says first that it can't tell, and of what", () =>
    assert.match(
      words.doubtText(["web:production"], "Docker is not reachable", "The state stays as it is."),
      /^can't tell where web:production is: Docker is not reachable\n {2}The state stays as it is\.\n {2}Mend /,
    ));
});
