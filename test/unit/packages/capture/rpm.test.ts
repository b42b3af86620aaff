import assert from "node:assert/strict";
import { rpmDetector } from "../../../../provider/packages/capture/rpm/detector";
import { answerOf, captureOf, problemsOf, rpmDatabase, symlink } from "./archive-builder";
import { itReads } from "./database-file";

const SQLITE = rpmDatabase("rpmdb.sqlite");
const NDB = rpmDatabase("Packages.db");
const SQLITE_PATH = "var/lib/rpm/rpmdb.sqlite";
const NDB_PATH = "usr/lib/sysimage/rpm/Packages.db";
const FEDORA = { "etc/os-release": "ID=fedora\n" };
const ARCH = { "etc/os-release": "ID=arch\n" };

const ANSWER = [
  "found 14",
  "rpm:big@9-1",
  "rpm:epochal@3:2.0~rc1-1",
  ...[1, 2, 4, 5, 6, 7, 8].map((number) => `rpm:many-${number}@${number}.0-1`),
  "rpm:native@1^git-2",
  "rpm:native:i686@1^git-2",
  "rpm:other@1-1",
  "rpm:tiny@1.2.3-4.el9",
  "rpm:zero-epoch@0:1-1",
];

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
    const files = { ...FEDORA, [SQLITE_PATH]: SQLITE, "var/lib/rpm/rpmdb.sqlite-wal": "" };
    assert.deepEqual(await answerOf("rpm", files), ANSWER);
    const { packages } = await captureOf(files);
    assert.deepEqual((await captureOf({ [NDB_PATH]: NDB })).packages, packages);
    const hashes = packages.map(({ hash }) => hash);
    assert.equal(hashes[0], "sha256:842f3ba60b3e0e616bdbd69c9901aad6d553506de05b3a0c8a58fc8c7bdfb7e8");
    assert.ok(hashes.every((hash) => /^sha256:[0-9a-f]{64}$/.test(hash ?? "")));
  });

  it("finds the database in each of its places, and counts one that is linked from another once", async () => {
    for (const directory of ["var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm"]) {
      assert.deepEqual(await answerOf("rpm", { [`${directory}/rpmdb.sqlite`]: SQLITE }), ANSWER);
    }
    const linked = { [SQLITE_PATH]: symlink("../../../usr/lib/sysimage/rpm/rpmdb.sqlite") };
    assert.deepEqual(await answerOf("rpm", linked, { "usr/lib/sysimage/rpm/rpmdb.sqlite": SQLITE }), ANSWER);
  });

  for (const content of ["", "x", symlink("/nowhere")]) {
    it(`fails by name for a Berkeley DB, whatever it holds: ${JSON.stringify(content)}`, async () =>
      assert.match(
        await problemsOf({ "var/lib/rpm/Packages": content }),
        /^rpm can't say what is installed: "\/var\/lib\/rpm\/Packages" is a Berkeley DB database, which is not read; build/,
      ));
  }

  for (const log of ["wal", "journal"]) {
    it(`fails by name for changes that are only in a log: ${log}`, async () =>
      assert.match(
        await problemsOf({ [SQLITE_PATH]: SQLITE, [`${SQLITE_PATH}-${log}`]: "x" }),
        new RegExp(`rpmdb\\.sqlite-${log}" holds changes that are not in the database yet`),
      ));
  }

  it("takes a system of rpm packages without any for an error, and rpm as a tool elsewhere for absent", async () => {
    const empty = { [NDB_PATH]: emptyNdb() };
    assert.match(await problemsOf(FEDORA), /^rpm .*there is no rpm database, but os-release says fedora/);
    assert.match(
      await problemsOf({ "etc/os-release": "ID=rocky\nID_LIKE='rhel centos fedora'\n" }, empty),
      /^rpm .*"\/usr\/lib\/sysimage\/rpm\/Packages\.db" lists no package, but os-release says rocky/,
    );
    assert.match(await problemsOf(empty), /^rpm .*lists no package\.$/);
    for (const files of [{ ...ARCH, ...empty }, ARCH, {}]) {
      assert.deepEqual(await answerOf("rpm", files), ["absent"]);
    }
  });

  for (const [path, whole, step] of [
    [SQLITE_PATH, SQLITE, 4096],
    [NDB_PATH, NDB, 16],
  ] as const) {
    it(`fails by name for a database that is cut anywhere: ${path}`, async () => {
      for (let length = 0; length < whole.length; length += step * Math.ceil(whole.length / step / 25)) {
        for (const cut of [length, length + 7]) {
          const problem = await problemsOf({ [path]: whole.subarray(0, cut) });
          assert.match(problem, /^rpm can't say .* is /, `cut at ${cut}`);
        }
      }
    });
  }

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
      [
        "without its table",
        changed(SQLITE, SQLITE.lastIndexOf("tablePackages"), 0x58),
        /has no table 'Packages'/,
      ],
    ],
  });
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
      [
        "with a package elsewhere",
        changed(NDB, NDB.indexOf("BlbS"), 0),
        /is malformed: package \d+ is not where it should be/,
      ],
      ["with another size", changed(NDB, NDB.indexOf("BlbS") + 12, 1), /has another size than it says/],
    ],
  });
});
