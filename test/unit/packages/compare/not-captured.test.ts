import assert from "node:assert/strict";
import { compareNotCaptured } from "../../../../provider/packages/compare/not-captured";
import { each } from "../../../support/each";

const CPAN = "not captured: CPAN distributions of Perl";
const LUA = "not captured: LuaRocks packages of Lua";

describe("what nobody reads, before and after", () => {
  each("%s", [
    ["is the same where the lines are", [`${CPAN} (/a, /b)`], [`${CPAN} (/a, /b)`], [], [], []],
    ["is drift where a kind is new", [], [`${CPAN} (/a)`], [`${CPAN} (/a)`], [], []],
    [
      "is drift where a kind is gone",
      [`${LUA} (/l)`, `${CPAN} (/a)`],
      [`${CPAN} (/a)`],
      [],
      [`${LUA} (/l)`],
      [],
    ],
    [
      "has moved where a kind is elsewhere",
      [`${CPAN} (/a (1))`],
      [`${CPAN} (/b)`],
      [],
      [],
      [`${CPAN} (/a (1)) -> (/b)`],
    ],
  ])((_, before, after, added, removed, moved) => {
    const { drift, ...found } = compareNotCaptured(before, after);
    const shown = (items: typeof drift.added): string[] =>
      items.map(({ name, version }) => `${name} ${version}`);
    assert.deepEqual(
      {
        changed: drift.changed,
        added: shown(drift.added),
        removed: shown(drift.removed),
        moved: found.moved,
      },
      { changed: [], added, removed, moved },
    );
  });
});
