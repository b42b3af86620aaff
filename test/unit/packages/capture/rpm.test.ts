import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { brief, captureOf, type Files, problemsOf } from "./archive-builder";

const fixture = (name: string): Buffer => gunzipSync(readFileSync(join(__dirname, "fixtures", name)));
const SQLITE = fixture("rpmdb.sqlite.gz");
const NDB = fixture("Packages.db.gz");

const PACKAGES = [
  "rpm:big@9-1",
  "rpm:epochal@3:2.0~rc1-1",
  ...[1, 2, 4, 5, 6, 7, 8].map((number) => `rpm:many-${number}@${number}.0-1`),
  "rpm:native@1^git-2",
  "rpm:native:i686@1^git-2",
  "rpm:other@1-1",
  "rpm:tiny@1.2.3-4.el9",
  "rpm:zero-epoch@0:1-1",
];

const FEDORA: Files = [["etc/os-release", "ID=fedora\n"]];
const DEBIAN_LIKE: Files = [["etc/os-release", "ID=arch\n"]];
const sqliteAt = (content: Buffer, directory = "var/lib/rpm"): Files => [
  [`${directory}/rpmdb.sqlite`, content],
];
const ndbAt = (content: Buffer): Files => [["usr/lib/sysimage/rpm/Packages.db", content]];

/** An ndb database without packages. */
function emptyNdb(): Buffer {
  const content = Buffer.alloc(4096);
  content.write("RpmP");
  content.writeUInt32LE(1, 12);
  for (let slot = 32; slot < 4096; slot += 16) content.write("Slot", slot);
  return content;
}

/** A copy in which some bytes are others. */
function changed(content: Buffer, at: number, ...bytes: number[]): Buffer {
  const copy = Buffer.from(content);
  copy.set(bytes, at);
  return copy;
}

describe("the rpm detector", () => {
  it("finds what rpm itself lists, from SQLite and from ndb, without the keys", async () => {
    const fromSqlite = await captureOf([
      ...FEDORA,
      ...sqliteAt(SQLITE),
      ["var/lib/rpm/rpmdb.sqlite-wal", ""],
    ]);
    const fromNdb = await captureOf(ndbAt(NDB));
    assert.deepEqual(brief(fromSqlite), PACKAGES);
    assert.deepEqual(fromNdb.packages, fromSqlite.packages);
    assert.deepEqual(fromSqlite.detectors["rpm"], { state: "found", count: PACKAGES.length });
    const hashes = fromSqlite.packages.map(({ hash }) => hash);
    assert.equal(hashes[0], "sha256:842f3ba60b3e0e616bdbd69c9901aad6d553506de05b3a0c8a58fc8c7bdfb7e8");
    assert.ok(hashes.every((hash) => /^sha256:[0-9a-f]{64}$/.test(hash ?? "")));
  });

  it("finds the database in each of its places, and counts one that is linked from another once", async () => {
    for (const directory of ["var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm"]) {
      assert.deepEqual(brief(await captureOf(sqliteAt(SQLITE, directory))), PACKAGES);
    }
    const linked: Files = [
      ["var/lib/rpm/rpmdb.sqlite", { symlink: "../../../usr/lib/sysimage/rpm/rpmdb.sqlite" }],
      ...sqliteAt(SQLITE, "usr/lib/sysimage/rpm"),
    ];
    assert.deepEqual(brief(await captureOf(linked)), PACKAGES);
  });

  it("fails by name for a Berkeley DB, and for changes that are only in a log", async () => {
    assert.match(
      await problemsOf([["var/lib/rpm/Packages", "x"]]),
      /^rpm can't say what is installed: "\/var\/lib\/rpm\/Packages" is a Berkeley DB database, which is not read; build/,
    );
    for (const log of ["wal", "journal"]) {
      const problems = await problemsOf([...sqliteAt(SQLITE), [`var/lib/rpm/rpmdb.sqlite-${log}`, "x"]]);
      assert.match(
        problems,
        new RegExp(`rpmdb\\.sqlite-${log}" holds changes that are not in the database yet`),
      );
    }
  });

  it("takes a system of rpm packages without any for an error, and rpm as a tool elsewhere for absent", async () => {
    assert.match(await problemsOf(FEDORA), /^rpm .*there is no rpm database, but os-release says fedora/);
    assert.match(
      await problemsOf([
        ["etc/os-release", "ID=rocky\nID_LIKE='rhel centos fedora'\n"],
        ...ndbAt(emptyNdb()),
      ]),
      /^rpm .*"\/usr\/lib\/sysimage\/rpm\/Packages\.db" lists no package, but os-release says rocky/,
    );
    assert.match(await problemsOf(ndbAt(emptyNdb())), /^rpm .*lists no package\.$/);
    for (const files of [[...DEBIAN_LIKE, ...ndbAt(emptyNdb())], DEBIAN_LIKE, []]) {
      assert.deepEqual((await captureOf(files)).detectors["rpm"], { state: "absent" });
    }
  });

  it("fails by name for a database that is cut anywhere", async () => {
    for (const [whole, put, step] of [
      [SQLITE, sqliteAt, 4096],
      [NDB, ndbAt, 16],
    ] as const) {
      for (let length = 0; length < whole.length; length += step * Math.ceil(whole.length / step / 25)) {
        for (const cut of [length, length + 7]) {
          assert.match(
            await problemsOf(put(whole.subarray(0, cut))),
            /^rpm can't say .* is /,
            `cut at ${cut}`,
          );
        }
      }
    }
  });

  it("fails by name for a database that is malformed", async () => {
    const damaged: [Files, RegExp][] = [
      [sqliteAt(Buffer.alloc(4096)), /is no SQLite database/],
      [sqliteAt(changed(SQLITE, 16, 0x10, 0x01)), /pages of 4097 bytes/],
      [sqliteAt(changed(SQLITE, 16, 0, 0)), /pages of 0 bytes/],
      [sqliteAt(changed(SQLITE, 56, 0, 0, 0, 2)), /its text is not in UTF-8/],
      [sqliteAt(changed(SQLITE, 100, 10)), /page 1 is no page of a table/],
      [sqliteAt(changed(SQLITE, SQLITE.lastIndexOf("tablePackages"), 0x58)), /has no table 'Packages'/],
      [ndbAt(Buffer.alloc(4096)), /is no ndb database/],
      [ndbAt(changed(NDB, 4, 1)), /is no ndb database of version 0/],
      [ndbAt(changed(NDB, 48, 0)), /a slot that is none/],
      [ndbAt(changed(NDB, NDB.indexOf("BlbS"), 0)), /is malformed: package \d+ is not where it should be/],
      [ndbAt(changed(NDB, NDB.indexOf("BlbS") + 12, 1)), /has another size than it says/],
    ];
    for (const [files, expected] of damaged) {
      const problems = await problemsOf(files);
      assert.match(problems, /^rpm can't say what is installed: "\/(var|usr)\/lib/, String(expected));
      assert.match(problems, expected);
    }
  });
});
