import assert from "node:assert/strict";
import { parseRpmDatabase } from "../../../../provider/packages/capture/rpm/database";
import { rpmDetector } from "../../../../provider/packages/capture/rpm/detector";
import { parseRpmHeader } from "../../../../provider/packages/capture/rpm/header";
import { each } from "../../../support/each";
import { table } from "../../../support/table";
import {
  answerOf,
  captureOf,
  type Files,
  filesOf,
  problemsOf,
  rpmDatabase,
  symlink,
} from "./archive-builder";
import { itReads } from "./database-file";

const SQLITE = rpmDatabase("rpmdb.sqlite");
const NDB = rpmDatabase("Packages.db");
const SQLITE_PATH = "var/lib/rpm/rpmdb.sqlite";
const NDB_PATH = "usr/lib/sysimage/rpm/Packages.db";
const FEDORA = { "etc/os-release": "ID=fedora\n" };
const ARCH = { "etc/os-release": "ID=arch\n" };

const MANY = [1, 2, 4, 5, 6, 7, 8].map((number) => `rpm:many-${number}@${number}.0-1`);
const NATIVE = ["rpm:native@1^git-2", "rpm:native:i686@1^git-2"];
const OTHERS = ["rpm:other@1-1", "rpm:tiny@1.2.3-4.el9", "rpm:zero-epoch@0:1-1"];
const ANSWER = ["found 14", "rpm:big@9-1", "rpm:epochal@3:2.0~rc1-1", ...MANY, ...NATIVE, ...OTHERS];

/** A copy in which some bytes are others. */
function changed(content: Buffer, at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(content);
  copy.set(bytes, at);
  return copy;
}

describe("the rpm detector", () => {
  it("finds what rpm itself lists, from SQLite and from ndb, without the keys", async () => {
    const files = { ...FEDORA, [SQLITE_PATH]: SQLITE, "var/lib/rpm/rpmdb.sqlite-wal": "" };
    assert.deepEqual(await answerOf("rpm", files), ANSWER);
    const { packages } = await captureOf(files);
    assert.deepEqual((await captureOf({ [NDB_PATH]: NDB })).packages, packages);
    const hashes = packages.map(({ hash }) => hash);
    assert.equal(hashes[0], "sha256:842f3ba60b3e0e616bdbd69c9901aad6d553506de05b3a0c8a58fc8c7bdfb7e8");
    assert.ok(hashes.every((hash) => /^sha256:[0-9a-f]{64}$/.test(hash ?? "")));
  });

  it("finds the database in each of its places, and counts one that is linked from another once", async () => {
    for (const directory of ["var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm"])
      assert.deepEqual(await answerOf("rpm", { [`${directory}/rpmdb.sqlite`]: SQLITE }), ANSWER);
    const linked = { [SQLITE_PATH]: symlink("../../../usr/lib/sysimage/rpm/rpmdb.sqlite") };
    assert.deepEqual(await answerOf("rpm", linked, { "usr/lib/sysimage/rpm/rpmdb.sqlite": SQLITE }), ANSWER);
  });

  it("gives the packages of a database in another place that place as root", async () => {
    const rooted = (root: string): string[] =>
      ANSWER.map((item, at) => (at === 0 ? item : `${item} in ${root}`));
    const other = { "opt/db/Packages.db": NDB, "opt/Packages": "x" };
    assert.deepEqual(await answerOf("rpm", { [`fs/${SQLITE_PATH}`]: SQLITE }), rooted("/fs"));
    assert.deepEqual(await answerOf("rpm", other), rooted("/opt/db"));
    assert.deepEqual(await answerOf("rpm", { "opt/rpmdb.sqlite": "x" }), ["absent"]);
    const damaged = await problemsOf({ [`fs/${SQLITE_PATH}`]: "x" });
    assert.match(damaged, /^rpm .*"\/fs\/var\/lib\/rpm\/rpmdb\.sqlite" is no/);
  });

  const empty = Buffer.alloc(4096);
  empty.write("RpmP");
  empty.writeUInt32LE(1, 12);
  for (let slot = 32; slot < 4096; slot += 16) empty.write("Slot", slot);
  const EMPTY = { [NDB_PATH]: empty };
  const UNREAD =
    'rpm can\'t say what is installed: "/var/lib/rpm/Packages" is a Berkeley DB database, which is not read';
  // Files, and what is there besides.
  const BESIDE: Readonly<Record<string, Files>> = {
    empty: EMPTY,
    whole: { [SQLITE_PATH]: SQLITE },
    nothing: {},
  };
  table("fails by name for %s")`
    an empty Berkeley DB ¦ var/lib/rpm/Packages: ¦ nothing ¦ ${UNREAD}; build
    a Berkeley DB ¦ var/lib/rpm/Packages: x ¦ nothing ¦ ${UNREAD}; build
    a linked Berkeley DB ¦ var/lib/rpm/Packages -> /nowhere ¦ nothing ¦ ${UNREAD}; build
    changes in a log ¦ ${SQLITE_PATH}-wal: x ¦ whole ¦ .*rpmdb\.sqlite-wal" holds changes that are not in
    changes in a journal ¦ ${SQLITE_PATH}-journal: x ¦ whole ¦ .*sqlite-journal" holds changes that are not in
    a system of rpm packages without any
      ¦ etc/os-release: ID=fedora\n ¦ nothing ¦ rpm .*there is no rpm database, but os-release says fedora
    a system like it ¦ etc/os-release: ID=rocky\nID_LIKE='rhel centos fedora'\n ¦ empty
      ¦ rpm .*"/usr/lib/sysimage/rpm/Packages\.db" lists no package, but os-release says rocky
    an empty database ¦ ¦ empty ¦ rpm .*lists no package\.$
  `(async (_, files, beside, message) =>
    assert.match(await problemsOf(filesOf(files), BESIDE[beside] ?? {}), new RegExp(`^${message}`)),
  );

  each("is absent where rpm is a mere tool, or is not there: %j", [
    ["with a database", { ...ARCH, ...EMPTY }],
    ["alone", ARCH],
    ["none", {}],
  ])(async (_, files) => assert.deepEqual(await answerOf("rpm", files), ["absent"]));

  each("fails by name for a database that is cut anywhere: %s", [
    [SQLITE_PATH, SQLITE, 4096],
    [NDB_PATH, NDB, 16],
  ])(async (path, whole, step) => {
    for (let length = 0; length < whole.length; length += step * Math.ceil(whole.length / step / 25)) {
      for (const cut of [length, length + 7]) {
        const said = await problemsOf({ [path]: whole.subarray(0, cut) });
        assert.match(said, /^rpm can't say .* is /, `cut at ${cut}`);
      }
    }
  });

  const NO_TABLE = changed(SQLITE, SQLITE.lastIndexOf("tablePackages"), 0x58);
  itReads(rpmDetector, {
    path: SQLITE_PATH,
    whole: SQLITE,
    damaged: [
      ["empty", "", /is no SQLite database/],
      ["cut", SQLITE.subarray(0, 20_000), /is /],
      ["text", "not a database\n", /is no SQLite database/],
      ["of zeros", Buffer.alloc(4096), /is no SQLite database/],
      ["with odd pages", changed(SQLITE, 16, 0x10, 0x01), /pages of 4097 bytes/],
      ["with pages of nothing", changed(SQLITE, 16, 0, 0), /pages of 0 bytes/],
      ["in another encoding", changed(SQLITE, 56, 0, 0, 0, 2), /its text is not in UTF-8/],
      ["with another page", changed(SQLITE, 100, 10), /page 1 is no page of a table/],
      ["without its table", NO_TABLE, /has no table 'Packages'/],
    ],
  });
  const blob = NDB.indexOf("BlbS");
  itReads(rpmDetector, {
    path: NDB_PATH,
    whole: NDB,
    damaged: [
      ["empty", "", /is no ndb database/],
      ["cut", NDB.subarray(0, 9000), /is /],
      ["text", "not a database\n", /is no ndb database/],
      ["of zeros", Buffer.alloc(4096), /is no ndb database/],
      ["of another version", changed(NDB, 4, 1), /is no ndb database of version 0/],
      ["with a slot that is none", changed(NDB, 48, 0), /a slot that is none/],
      ["with a package elsewhere", changed(NDB, blob, 0), /malformed: package \d+ is not where it should be/],
      ["with another size", changed(NDB, blob + 12, 1), /has another size than it says/],
    ],
  });
});

describe("parseRpmHeader", () => {
  type Entry = readonly [tag: number, type: number, value: string | number];
  /** An rpm header as a database stores it. */
  function header(...entries: Entry[]): Buffer {
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
      offset += values[at]?.length ?? 0;
    });
    intro.writeUInt32BE(entries.length, 0);
    intro.writeUInt32BE(offset, 4);
    return Buffer.concat([intro, ...values]);
  }
  const [NAME, VERSION, RELEASE]: [Entry, Entry, Entry] = [
    [1000, 6, "a"],
    [1001, 6, "1"],
    [1002, 6, "2"],
  ];
  const [TEXT, ESCAPE]: [Entry, Entry] = [
    [1003, 6, "1"],
    [1000, 6, "a\u001b"],
  ];
  const GOOD = header(NAME, VERSION, RELEASE);

  it("reads a header with the least that there can be, and passes over a key", () => {
    assert.deepEqual(parseRpmHeader(GOOD), { name: "a", version: "1-2", arch: null, hash: null });
    assert.equal(parseRpmHeader(header([1000, 6, "gpg-pubkey"], VERSION, RELEASE)), null);
  });

  each("refuses one that %s", [
    ["is empty", Buffer.alloc(0), /cut or damaged/],
    ["is cut", GOOD.subarray(0, -1), /cut or damaged/],
    ["is too long", Buffer.concat([GOOD, Buffer.alloc(1)]), /cut or damaged/],
    ["has no name", header(VERSION, RELEASE), /without name/],
    ["has no version", header(NAME, RELEASE), /without version/],
    ["has no release", header(NAME, VERSION), /without release/],
    ["has a name twice", header(NAME, NAME, VERSION, RELEASE), /tag 1000 twice/],
    ["has a number as name", header([1000, 4, 1], VERSION, RELEASE), /tag 1000 is of an impossible type/],
    ["has a text as epoch", header(NAME, VERSION, RELEASE, TEXT), /tag 1003 is of an impossible type/],
    ["has an empty name", header([1000, 6, ""], VERSION, RELEASE), /impossible name: ""/],
    ["has a control character", header(ESCAPE, VERSION, RELEASE), /impossible name: "a\\u001b"/],
    ["is not UTF-8", header([1000, 6, "\u00fc"], VERSION, RELEASE), /not UTF-8/],
    ["points outside", changed(GOOD, 8 + 8, 0, 0, 3, 232), /name is outside of it/],
  ])((_, blob, expected) => assert.throws(() => parseRpmHeader(blob), expected));
});

describe("parseRpmDatabase", () => {
  /** A small generator of numbers below `limit`, the same ones in every run. */
  function numbers(seed: number): (limit: number) => number {
    let state = seed;
    return (limit) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * limit);
    };
  }

  each("answers or refuses, whatever is changed in a database: %s", [
    ["sqlite", SQLITE],
    ["ndb", NDB],
  ])((format, whole) => {
    const next = numbers(7);
    let refusals = 0;
    for (let run = 0; run < 500; run += 1) {
      const damaged = Buffer.from(whole);
      for (let change = 0; change < 8; change += 1) {
        // Pages that hold the structure are hit as often as the rest.
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
    assert.ok(refusals > 50, `only ${refusals} refused`);
  });
});
