import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parseRpmDatabase } from "../../../../provider/packages/capture/rpm/database";
import { parseRpmHeader } from "../../../../provider/packages/capture/rpm/header";

type Entry = [tag: number, type: number, value: string | number];

/** An rpm header as a database stores it. */
function header(entries: readonly Entry[]): Buffer {
  const values = entries.map(([, , value]) => {
    if (typeof value === "string") return Buffer.from(`${value}\0`, "latin1");
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  });
  const intro = Buffer.alloc(8 + entries.length * 16);
  let offset = 0;
  entries.forEach(([tag, type], at) => {
    [tag, type, offset, 1].forEach((word, index) => intro.writeUInt32BE(word, 8 + at * 16 + index * 4));
    offset += values[at]!.length;
  });
  intro.writeUInt32BE(entries.length, 0);
  intro.writeUInt32BE(offset, 4);
  return Buffer.concat([intro, ...values]);
}

const NAME: Entry = [1000, 6, "a"];
const VERSION: Entry = [1001, 6, "1"];
const RELEASE: Entry = [1002, 6, "2"];

/** A small generator of numbers below `limit`, the same ones in every run. */
function numbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

describe("parseRpmHeader", () => {
  it("reads a header with the least that there can be, and passes over a key", () => {
    assert.deepEqual(parseRpmHeader(header([NAME, VERSION, RELEASE])), {
      name: "a",
      version: "1-2",
      arch: null,
      hash: null,
    });
    assert.equal(parseRpmHeader(header([[1000, 6, "gpg-pubkey"], VERSION, RELEASE])), null);
  });

  it("refuses one that is cut, lacks a field, has one twice, or an impossible one", () => {
    const good = header([NAME, VERSION, RELEASE]);
    const outside = Buffer.from(good);
    outside.writeUInt32BE(1000, 8 + 8);
    const refused: [Buffer, RegExp][] = [
      [Buffer.alloc(0), /cut or damaged/],
      [good.subarray(0, -1), /cut or damaged/],
      [Buffer.concat([good, Buffer.alloc(1)]), /cut or damaged/],
      [header([VERSION, RELEASE]), /without name/],
      [header([NAME, RELEASE]), /without version/],
      [header([NAME, VERSION]), /without release/],
      [header([NAME, NAME, VERSION, RELEASE]), /tag 1000 twice/],
      [header([[1000, 4, 1], VERSION, RELEASE]), /tag 1000 is of an impossible type/],
      [header([NAME, VERSION, RELEASE, [1003, 6, "1"]]), /tag 1003 is of an impossible type/],
      [header([[1000, 6, ""], VERSION, RELEASE]), /impossible name: ""/],
      [header([[1000, 6, "a\u001b"], VERSION, RELEASE]), /impossible name: "a\\u001b"/],
      [header([[1000, 6, "\u00fc"], VERSION, RELEASE]), /not UTF-8/],
      [outside, /name is outside of it/],
    ];
    for (const [blob, expected] of refused) {
      assert.throws(() => parseRpmHeader(blob), expected);
    }
  });
});

describe("parseRpmDatabase", () => {
  it("answers or refuses in bounded time, whatever is changed in a database", () => {
    const started = performance.now();
    let refusals = 0;
    for (const [name, format] of [
      ["rpmdb.sqlite.gz", "sqlite"],
      ["Packages.db.gz", "ndb"],
    ] as const) {
      const whole = gunzipSync(readFileSync(join(__dirname, "fixtures", name)));
      const next = numbers(7);
      for (let run = 0; run < 500; run += 1) {
        const damaged = Buffer.from(whole);
        for (let change = 0; change < 8; change += 1) {
          // pages that hold the structure are hit as often as the rest
          const at = next(2) === 0 ? next(whole.length) : 4096 * next(whole.length / 4096) + next(16);
          damaged[at] = next(3) === 0 ? 0xff : next(256);
        }
        try {
          assert.ok(parseRpmDatabase(damaged, format).length < 100);
        } catch (error) {
          assert.ok(error instanceof Error && /^(is|has) /.test(error.message), String(error));
          refusals += 1;
        }
      }
    }
    assert.ok(refusals > 100, `only ${refusals} refused`);
    assert.ok(performance.now() - started < 20_000);
  });
});
