import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { apkDetector } from "../../../../provider/packages/capture/apk/detector";
import { condaDetector } from "../../../../provider/packages/capture/conda/detector";
import type { Detector } from "../../../../provider/packages/capture/detector";
import { dpkgDetector } from "../../../../provider/packages/capture/dpkg/detector";
import { aptSourcesDetector } from "../../../../provider/packages/capture/dpkg/sources-detector";
import { npmDetector } from "../../../../provider/packages/capture/npm/detector";
import { osReleaseDetector } from "../../../../provider/packages/capture/os-release-detector";
import { pythonDetector } from "../../../../provider/packages/capture/python/detector";
import { rpmDetector } from "../../../../provider/packages/capture/rpm/detector";
import { rubygemsDetector } from "../../../../provider/packages/capture/rubygems/detector";
import { track } from "../../../../provider/packages/capture/tracker";
import { brief, captureOf, type Content, DIRECTORY, type Files, problemsOf, stanza } from "./archive-builder";

const fixture = (name: string): Buffer => gunzipSync(readFileSync(join(__dirname, "fixtures", name)));
const NOT_UTF8 = Buffer.from([0x61, 0xff, 0xfe]);
const withBytes = (before: string, after = ""): Buffer =>
  Buffer.concat([Buffer.from(before), NOT_UTF8, Buffer.from(after)]);
const GEM = 'Gem::Specification.new do |s|\n  s.name = "a".freeze\n  s.version = "1.0"\nend\n';
const CONDA = JSON.stringify({ name: "a", version: "1.0", build: "0" });
const APK = "C:Q1p78yvTLG094tHE1+dToJGbmYzQE=\nP:musl\nV:1.2.5-r0\nA:x86_64\nF:lib\n\nP:b\nV:1\nA:x86_64\n\n";
const METADATA = "Metadata-Version: 2.1\nName: six\nVersion: 1.16.0\n";
const STATUS = stanza("bash", "5.2") + stanza("dpkg", "1.21");

interface Subject {
  name: string;
  detector: Detector<never>;
  path: string;
  whole: Content;
  damaged: Record<string, Content>;
  /** Beside the file. */
  beside?: Files;
}

const detectorOf = (detector: unknown): Detector<never> => detector as Detector<never>;
const SUBJECTS: Subject[] = [
  {
    name: "dpkg",
    detector: detectorOf(dpkgDetector),
    path: "var/lib/dpkg/status",
    whole: STATUS,
    damaged: {
      "cut inside a line": STATUS.slice(0, -20),
      "cut between the lines of the last stanza": STATUS.replace(/ more\n[^]*?$/, " more\n"),
      "cut before the last stanza's version": STATUS.slice(0, STATUS.lastIndexOf("Version:")),
      "cut in the description of the last stanza": STATUS.trimEnd() + "\n",
      "not UTF-8": withBytes(
        stanza("a", "1") + "Package: ",
        "\nStatus: install ok installed\nVersion: 1\n\n",
      ),
      "of an unknown state": stanza("a", "1", "amd64", "install ok maybe"),
      binary: Buffer.from([0, 1, 2, 3, 0x0a]),
    },
  },
  {
    name: "dpkg",
    detector: detectorOf(dpkgDetector),
    path: "var/lib/dpkg/status.d/base",
    whole: "Package: base-files\nVersion: 12\nArchitecture: amd64",
    damaged: {
      empty: "",
      "cut inside the version": "Package: base-files\nArchitecture: amd64\nVersion: 1",
      "cut before the version": "Package: base-files\n",
      "not UTF-8": withBytes("Package: ", "\nVersion: 1\n"),
    },
  },
  {
    name: "apk",
    detector: detectorOf(apkDetector),
    path: "lib/apk/db/installed",
    whole: APK,
    damaged: {
      "cut inside a line": APK.slice(0, -4),
      "cut between the lines of the last package": APK.slice(0, -1),
      "cut before a version": APK.slice(0, APK.lastIndexOf("V:")),
      "not UTF-8": withBytes("P:", "\nV:1\n\n"),
      "no database": "hello world\n",
    },
  },
  {
    name: "rpm",
    detector: detectorOf(rpmDetector),
    path: "var/lib/rpm/rpmdb.sqlite",
    whole: fixture("rpmdb.sqlite.gz"),
    damaged: {
      empty: "",
      cut: fixture("rpmdb.sqlite.gz").subarray(0, 20_000),
      text: "not a database\n",
    },
  },
  {
    name: "rpm",
    detector: detectorOf(rpmDetector),
    path: "usr/lib/sysimage/rpm/Packages.db",
    whole: fixture("Packages.db.gz"),
    damaged: { empty: "", cut: fixture("Packages.db.gz").subarray(0, 9000), text: "not a database\n" },
  },
  {
    name: "python",
    detector: detectorOf(pythonDetector),
    path: "usr/lib/python3/site-packages/six-1.16.0.dist-info/METADATA",
    whole: METADATA,
    damaged: {
      empty: "",
      "cut inside the version": METADATA.slice(0, -3),
      "cut before the version": METADATA.slice(0, METADATA.indexOf("Version:")),
      "not UTF-8": withBytes("Name: ", "\nVersion: 1\n"),
      JSON: '{"name":"six"}',
    },
  },
  {
    name: "python",
    detector: detectorOf(pythonDetector),
    path: "usr/lib/python3/dist-packages/six-1.16.0.egg-info/PKG-INFO",
    whole: METADATA,
    damaged: { empty: "", "cut inside the version": METADATA.slice(0, -3) },
  },
  {
    name: "python",
    detector: detectorOf(pythonDetector),
    path: "app/lib/six-1.16.0.dist-info/METADATA",
    whole: METADATA,
    damaged: { empty: "", "cut inside the version": METADATA.slice(0, -3) },
    beside: [["app/lib/six-1.16.0.dist-info/INSTALLER", "pip\n"]],
  },
  {
    name: "npm",
    detector: detectorOf(npmDetector),
    path: "app/node_modules/a/package.json",
    whole: '{"name":"a","version":"1.0.0"}',
    damaged: {
      empty: "",
      cut: '{"name":"a","vers',
      "no object": '["a"]',
      "a name of the wrong type": '{"name":{"a":1},"version":"1.0.0"}',
      "a version of the wrong type": '{"name":"a","version":1}',
      "a name that is not UTF-8": withBytes('{"name":"', '","version":"1.0.0"}'),
      "a version that is not UTF-8": withBytes('{"name":"a","version":"1', '"}'),
    },
  },
  {
    name: "npm",
    detector: detectorOf(npmDetector),
    path: "app/node_modules/.package-lock.json",
    whole: '{"packages":{}}',
    damaged: {
      empty: "",
      cut: '{"packages":{',
      "no packages": "{}",
      "packages of the wrong type": '{"packages":[]}',
      "not UTF-8": withBytes('{"packages":{"', '":{}}}'),
    },
  },
  {
    name: "npm",
    detector: detectorOf(npmDetector),
    path: "app/package-lock.json",
    whole: "{}",
    damaged: { empty: "", cut: '{"packages":{', "not UTF-8": withBytes('{"a":"', '"}') },
    beside: [["app/node_modules", DIRECTORY]],
  },
  {
    name: "rubygems",
    detector: detectorOf(rubygemsDetector),
    path: "usr/lib/ruby/gems/3.1.0/specifications/a-1.0.gemspec",
    whole: GEM,
    damaged: {
      empty: "",
      "cut inside a line": GEM.slice(0, 50),
      "cut before its end": GEM.slice(0, GEM.lastIndexOf("end")),
      "not UTF-8": withBytes(GEM),
      "a version of the wrong type": GEM.replace('"1.0"', '"one"'),
    },
  },
  {
    name: "conda",
    detector: detectorOf(condaDetector),
    path: "opt/conda/conda-meta/a-1.0-0.json",
    whole: CONDA,
    damaged: {
      empty: "",
      cut: CONDA.slice(0, -5),
      "not UTF-8": withBytes('{"x":"', `",${CONDA.slice(1)}`),
      "a version of the wrong type": CONDA.replace('"1.0"', "1.0"),
    },
  },
];

describe("a damaged file of a package database", () => {
  for (const { name, detector, path, whole, damaged, beside = [] } of SUBJECTS) {
    const short = path.split("/").slice(-2).join("/");
    const says = async (content: Content): Promise<string> => problemsOf([...beside, [path, content]]);

    it(`${short} is read when it is whole`, async () => assert.equal(await says(whole), ""));
    for (const [how, content] of Object.entries(damaged)) {
      it(`${short}, ${how}, fails with the name ${name} and the path`, async () => {
        const problem = await says(content);
        assert.ok(problem.startsWith(`${name} can't say what is installed: `), problem || "it passed");
        assert.ok(problem.includes(`"/${path}"`), problem);
      });
    }

    it(`${short} fails as a link that leads nowhere, a pipe or a device`, async () => {
      for (const content of [{ symlink: "/nowhere" }, { fifo: true }, { device: true }] as const) {
        const problem = await says(content);
        assert.ok(
          problem.startsWith(`${name} can't`) && problem.includes(`"/${path}"`),
          problem || "it passed",
        );
      }
    });

    it(`${short} fails when it is larger than what is read of it`, () => {
      const tracker = track(detector);
      for (const [place, content] of beside) {
        const sink = tracker.see(entry(`/${place}`, typeof content === "string" ? "file" : "directory", 4));
        sink?.chunk(Buffer.from("pip\n"));
        sink?.end();
      }
      const { limit = 0, headersOnly = false } = detector.want(`/${path}`) ?? {};
      assert.ok(limit > 0);
      const sink = tracker.see(entry(`/${path}`, "file", limit + 1));
      assert.equal(sink !== undefined, headersOnly, "only headers are read of a large file");
      sink?.chunk(Buffer.alloc(limit + 1, "a"));
      sink?.end();
      const { state } = tracker.conclude({ osRelease: null });
      assert.equal(state.state, "error");
      assert.match(state.state === "error" ? state.reason : "", /is larger than the \d+ bytes/);
    });
  }

  it("is told apart from none: a directory of its name is no database, and the system decides", async () => {
    assert.match(
      await problemsOf([
        ["var/lib/dpkg", DIRECTORY],
        ["var/lib/dpkg/status", DIRECTORY],
      ]),
      /^dpkg can't/,
    );
    assert.match(
      await problemsOf([
        ["etc/os-release", "ID=fedora\n"],
        ["var/lib/rpm/rpmdb.sqlite", DIRECTORY],
      ]),
      /^rpm can't/,
    );
    for (const id of ["alpine", "wolfi"]) {
      assert.match(
        await problemsOf([
          ["etc/os-release", `ID=${id}\n`],
          ["lib/apk/db/installed", DIRECTORY],
        ]),
        /^apk can't/,
      );
    }
    const site = "usr/lib/python3/site-packages/six-1.dist-info";
    assert.match(
      await problemsOf([
        [site, DIRECTORY],
        [`${site}/METADATA`, DIRECTORY],
      ]),
      /^python can't/,
    );
    assert.equal(await problemsOf([["app/node_modules/a/package.json", DIRECTORY]]), "");
  });

  it("fails for rpm's Berkeley DB by name, whatever it holds", async () => {
    for (const content of ["", "x", { symlink: "/nowhere" }] as const) {
      assert.match(
        await problemsOf([["var/lib/rpm/Packages", content]]),
        /^rpm can't.*"\/var\/lib\/rpm\/Packages" is a Berkeley/,
      );
    }
  });

  it("fails by name where os-release can't be read, and doubts an empty dpkg where it says nothing", async () => {
    assert.match(
      await problemsOf([["etc/os-release", { symlink: "/nowhere" }]]),
      /^os-release can't.*"\/etc\/os-release"/,
    );
    assert.match(await problemsOf([["etc/os-release", { fifo: true }]]), /^os-release can't/);
    for (const content of ["", "ID=de", Buffer.from([0xff, 0, 0x0a])]) {
      const files: Files = [
        ["etc/os-release", content],
        ["var/lib/dpkg/status", ""],
      ];
      assert.match(await problemsOf(content === "ID=de" ? files.slice(1) : files), /^dpkg can't/);
    }
    const tracker = track(osReleaseDetector);
    tracker.see(entry("/etc/os-release", "file", 2 ** 21));
    assert.equal(tracker.conclude({ osRelease: null }).state.state, "error");
  });

  it("fails by name where an apt source has bytes that can't be, or is endless", async () => {
    const list = "etc/apt/sources.list.d/x.list";
    assert.match(
      await problemsOf([[list, withBytes("deb http://x.test/", " stable main\n")]]),
      /^apt-sources can't.*x\.list" has bytes that are not UTF-8/,
    );
    assert.match(
      await problemsOf([["etc/apt/sources.list", { fifo: true }]]),
      /^apt-sources can't.*sources\.list"/,
    );
    const tracker = track(aptSourcesDetector);
    tracker.see(entry(`/${list}`, "file", 2 ** 23));
    assert.equal(tracker.conclude({ osRelease: null }).state.state, "error");
  });
});

describe("what looks damaged in real images and is none", () => {
  const LEGAL: Record<string, Files> = {
    "a status file by hand, without the empty line at its end": [
      ["var/lib/dpkg/status", "Package: a\nStatus: install ok installed\nVersion: 1\n"],
    ],
    "packages of which only configuration is left, and leftovers of dpkg": [
      ["var/lib/dpkg/status", STATUS + stanza("gone", "1", "amd64", "deinstall ok config-files")],
      ["var/lib/dpkg/status-old", "cut"],
      ["var/lib/dpkg/status.dpkg-new", "cut"],
      ["var/lib/dpkg/status.d/a.md5sums", "cut"],
      ["etc/apt/sources.list.d/x.list.dpkg-new", NOT_UTF8],
    ],
    "an apk database by hand": [["lib/apk/db/installed", "P:a\nV:1\n"]],
    "a broken package.json in the tests of a package, and one that is npm's own business": [
      ["app/node_modules/resolve/package.json", '{"name":"resolve","version":"1.0.0"}'],
      ["app/node_modules/resolve/test/node_modules/broken/package.json", "{"],
      ["app/node_modules/resolve/test/broken/package.json", ""],
      ["app/node_modules/.bin/package.json", "{"],
      ["app/node_modules/.cache/x/package.json", "{"],
      ["app/test/package.json", "{"],
    ],
    "an author in another encoding": [
      ["app/node_modules/a/package.json", withBytes('{"name":"a","version":"1.0.0","author":"', '"}')],
      ["usr/lib/python3/site-packages/a-1.dist-info/METADATA", withBytes(`${METADATA}Author: `, "\n")],
    ],
    "a lock of a project without node_modules": [["app/package-lock.json", "{"]],
    "metadata in somebody's test data, and in a vendored copy": [
      ["app/tests/data/broken-1.0.dist-info/METADATA", "no header"],
      ["usr/lib/python3/site-packages/pip/_vendor/x-1.dist-info/METADATA", ""],
      ["usr/lib/python3/site-packages/pip/_vendor/y-1.dist-info", DIRECTORY],
      ["usr/lib/python3/site-packages/~ix-1.dist-info/METADATA", ""],
      ["app/pkg.egg-info/PKG-INFO", ""],
    ],
    "apt sources that are switched off, dangle, or have a comment in another encoding": [
      ["etc/apt/sources.list", withBytes("# ", "\ndeb http://x.test/ stable main\n")],
      ["etc/apt/sources.list.d/off.list", { symlink: "/dev/null" }],
      ["etc/apt/sources.list.d/gone.sources", { symlink: "/mnt/gone.sources" }],
      ["etc/apt/sources.list.d/broken.sources", "Types deb\n"],
    ],
    "os-release with lines that are none": [
      ["etc/os-release", withBytes("ID=arch\nPRETTY_NAME=", "\nnonsense\n")],
    ],
    "a prefix's history and a gem's own fixtures": [
      ["opt/conda/conda-meta/history", "cut"],
      ["var/gems/specifications/a-1.0.gemspec", GEM],
      ["var/gems/gems/a-1.0/test/specifications/b-1.gemspec", "broken"],
    ],
    "an rpm log that is empty": [
      ["var/lib/rpm/rpmdb.sqlite", fixture("rpmdb.sqlite.gz")],
      ["var/lib/rpm/rpmdb.sqlite-wal", ""],
    ],
  };
  for (const [what, files] of Object.entries(LEGAL)) {
    it(`passes: ${what}`, async () => assert.equal(await problemsOf(files), ""));
  }

  it("and the packages beside it are all there", async () => {
    const files = Object.values(LEGAL).slice(3, 7).flat();
    assert.deepEqual(brief(await captureOf(files)), [
      "npm:a@1.0.0 in /app/node_modules",
      "npm:resolve@1.0.0 in /app/node_modules",
      "pip:six@1.16.0 in /usr/lib/python3/site-packages",
    ]);
  });
});

function entry(
  path: string,
  type: "file" | "directory",
  size: number,
): Parameters<ReturnType<typeof track>["see"]>[0] {
  return { path, type, size, mode: 0o644, target: "", device: { major: 0, minor: 0 } };
}
