import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import { aptConfiguration, aptPreferences } from "../../../../provider/recipe/pins/apt";
import { npmPins } from "../../../../provider/recipe/pins/npm";
import { everyFolderHas } from "../../../../provider/recipe/pins/pin-files";
import { pipConstraints, pipEnvironments } from "../../../../provider/recipe/pins/pip";
import { neutralPins, pinStage, stageLabel } from "../../../../provider/recipe/pins/pinned-stage";
import { stagePackages } from "../../../../provider/recipe/pins/pinned-stage";
import { table } from "../../../support/table";
import { inShort, lockOf, packagesOf } from "../../packages/in-short";

/** Packages from a text with ", " between them. */
const parsed = (packages: string): ReturnType<typeof packagesOf> => packagesOf(...packages.split(", "));

describe("aptPreferences", () => {
  /** What they hold, in the order of their lines: `curl 7.88`; the catch-all is `* -1`. */
  const held = (packages: string): string[] =>
    aptPreferences(parsed(packages))
      .join("\n")
      .replaceAll("Package: *\nPin: release *\nPin-Priority: -1", "* -1")
      .replaceAll(/Package: (.+)\nPin: version (.+)\nPin-Priority: 1001/g, "$1 $2")
      .split("\n\n");
  table()`
    pin every package, after a catch-all that lets nothing else in
      ¦ dpkg:curl@7.88.1-10, pip:six@1 in /usr, dpkg:libc6:i386@1:2.36-9
      ¦ * -1, curl 7.88.1-10, libc6:i386 1:2.36-9
    leave to the image itself what another admin directory has of the same name
      ¦ dpkg:bash@5.2, dpkg:bash@5.3 in /fs, dpkg:own@1 in /fs ¦ * -1, bash 5.2, own 1
  `((_, packages, expected) => assert.equal(held(packages).join(", "), expected));

  it("are empty without Debian packages: a catch-all alone would forbid everything", () =>
    assert.deepEqual([aptPreferences([]), aptPreferences(packagesOf("pip:six@1 in /usr"))], [[], []]));

  it("are the only ones that apt reads", () =>
    assert.deepEqual(aptConfiguration("/pins"), [
      'Dir::Etc::Preferences "/pins/preferences";',
      'Dir::Etc::PreferencesParts "/pins/preferences.d";',
    ]));
});

describe("pipEnvironments", () => {
  it("hold what stands at several versions, each environment to its own", () => {
    const own = parsed("pip:two@1 in /a, pip:same@3 in /a");
    const others = "pip:two@2 in /b, pip:same@3 in /b, pip:two@2 in /c, pip:two@4 in /c";
    const debian = packagesOf("pip:two@5 in /usr/lib/python3/dist-packages");
    assert.deepEqual(pipEnvironments([...own, ...parsed(others), ...debian]), [
      { root: "/a", lines: ["two==1"] },
      { root: "/b", lines: ["two==2"] },
    ]);
    assert.deepEqual(pipEnvironments(own), []);
  });
});

describe("pipConstraints", () => {
  const SITE = "in /usr/local/lib/python3.11/site-packages";
  const DEBIAN = "in /usr/lib/python3/dist-packages";
  table()`
    hold every distribution at its version, once
      ¦ pip:six@1.17.0 ${SITE}, pip:six@1.17.0 in /venv, dpkg:curl@1, pip:torch@2.0+cu118 ${SITE}
      ¦ six==1.17.0, torch==2.0+cu118
    leave out what Debian's packages brought ¦ pip:six@1 ${DEBIAN} ¦
    leave out the copies in Debian's packages, which must not contradict what pip installs
      ¦ pip:wheel@0.45.1 ${DEBIAN}/setuptools/_vendor, pip:wheel@1 ${SITE} ¦ wheel==1
    say of a name at two versions that it can't be held
      ¦ pip:six@1 ${SITE}, pip:six@2 in /venv, pip:wheel@1 ${SITE}
      ¦ # six stands at 1 and 2: left to the comparison, wheel==1
    take names like those of object properties
      ¦ pip:constructor@1 ${SITE}, pip:__proto__@2 ${SITE} ¦ constructor==1, __proto__==2
  `((_, packages, expected) => assert.equal(pipConstraints(parsed(packages)).join(", "), expected));
});

describe("npmPins", () => {
  table()`
    hold every version of a name, with the integrity that the lock knows
      ¦ npm:a@1.0.0 in /x #sha512-YQ==, npm:a@1.0.0 in /y, npm:a@2.0.0, npm:@own/b@1.0.0, pip:six@1
      ¦ {\n"a":{"1.0.0":"sha512-YQ==","2.0.0":null},\n"@own/b":{"1.0.0":null}\n}
    know no integrity where there are two, or one that npm could not read
      ¦ npm:a@1 in /x #sha512-YQ==, npm:a@1 in /y #sha512-Yg==, npm:b@1 #git+ssh
      ¦ {\n"a":{"1":null},\n"b":{"1":null}\n}
    take names like those of object properties ¦ npm:__proto__@1 ¦ {\n"__proto__":{"1":null}\n}
    are empty without npm packages: they would forbid everything ¦ pip:six@1 ¦
  `((_, packages, expected) => assert.equal(npmPins(parsed(packages)).join("\n"), expected));
});

describe("stagePackages", () => {
  const others = "dpkg:curl@2 of assets, dpkg:git@1 of assets, dpkg:curl@5 of other".split(", ");
  const lock = lockOf("dpkg:curl@1", "dpkg:curl:i386@3", "pip:curl@4", ...others);
  table()`
    are the image's own for the final stage ¦ ¦ dpkg:curl@1, dpkg:curl:i386@3, pip:curl@4
    are the image's, overridden by what the stage itself had, by ecosystem, name and architecture
      ¦ assets ¦ dpkg:curl@2 of assets, dpkg:git@1 of assets, dpkg:curl:i386@3, pip:curl@4
    are the image's for a stage unheard of ¦ new ¦ dpkg:curl@1, dpkg:curl:i386@3, pip:curl@4
  `((_, stage, expected) =>
    assert.equal(
      stagePackages(lock, stage || null)
        .map(inShort)
        .join(", "),
      expected,
    ),
  );
});

describe("pinStage", () => {
  const stageOf = (recipe: string, index: number) => parseDockerfile(recipe).stages[index] ?? assert.fail();
  const stage = stageOf("FROM a\nRUN x\nFROM b AS Final\nRUN npm ci\n", 1);
  /** The pins of a stage for these packages and for npm projects in these folders of a stage. */
  const pinned = (packages: string[], roots: string[] = [], at = 1): ReturnType<typeof pinStage> => {
    const projects = roots.map((root) => ({ stage: at, root, lock: '{\n  "a": 1\n}\n' }));
    return pinStage(stage, true, lockOf(...packages), projects);
  };
  const FOLDER = "--mount=type=bind,from=pins:1,source=/1";

  const nothing = { mounts: [], npmMounts: [] };
  const pathsOf = (files: readonly { path: string }[]): string[] => files.map(({ path }) => path);

  it("is nothing where there is nothing to pin", () => {
    for (const { files, run, arguments: given } of [pinned([]), pinned(["gem:a@1"], ["/app"], 0)])
      assert.deepEqual([files, run(1, "pins:1"), given], [[], nothing, {}]);
  });

  it("writes each tool's files into the stage's own folder, and points the tool at its mount", () => {
    const { files, run, arguments: given } = pinned(["dpkg:curl@1", "pip:six@1 in /usr"]);
    const names = "apt.conf preferences preferences.d/.empty constraints.txt python/sitecustomize.py";
    const places = [...names.split(" "), "npm-pins.json", "npm-pins.cjs"].map((name) => `1/${name}`);
    assert.deepEqual(pathsOf(files), places);
    assert.deepEqual(run(1, "pins:1"), { mounts: [`${FOLDER},target=/dev/verified-images`], npmMounts: [] });
    assert.deepEqual(given, {
      APT_CONFIG: "/dev/verified-images/apt.conf",
      PIP_CONSTRAINT: "/dev/verified-images/constraints.txt",
      PYTHONPATH: "/dev/verified-images/python",
    });
  });

  it("writes the same files whatever is pinned, those of the other tools without effect", () => {
    const text = (packages: string[], name: string): string | undefined =>
      pinned(packages).files.find(({ path }) => path === `1/${name}`)?.text;
    const neutral = pathsOf(neutralPins()).map((path) => `1/${path}`);
    for (const packages of [["dpkg:curl@1"], ["pip:six@1 in /usr"], ["npm:a@1"]])
      assert.deepEqual(pathsOf(pinned(packages).files), neutral);
    const others = ["apt.conf", "preferences", "npm-pins.json"].map((name) => text(["pip:six@1"], name));
    assert.deepEqual(others, ["", "", "{}\n"]);
    assert.deepEqual([text(["dpkg:curl@1"], "constraints.txt"), text(["npm:a@1"], "preferences")], ["", ""]);
  });

  it("has a folder for the RUNs until each change, with what stood then", () => {
    const gone = "pip:a@1 in /v gone until 1, pip:b@1 in /v gone until 2, npm:c@1 gone until 2";
    const there = ["dpkg:d@1 gone until 1", "pip:a@2 in /v", "npm:c@2", "dpkg:d@2", "dpkg:e@1 gone"];
    const { files, run } = pinned([...gone.split(", "), ...there]);
    const held = (number: number): string[] => {
      const folder = /source=\/([^,]*)/.exec(run(number, "pins:1").mounts.join())?.[1] ?? "";
      const own = files.filter(({ path }) => path.startsWith(`${folder}/`));
      const lines = own.flatMap(({ text }) => text.split("\n"));
      return [folder, ...lines.filter((line) => /^(?:[ab]==|"c"|Pin: version|Package: [de])/.test(line))];
    };
    const debs = (d: number): string[] =>
      ["d", "e"].flatMap((name) => [`Package: ${name}`, `Pin: version ${name === "d" ? d : 1}`]);
    assert.deepEqual(held(1), ["1-until-run-1", ...debs(1), "a==1", "b==1", '"c":{"1":null}']);
    assert.deepEqual(held(2), ["1-until-run-2", ...debs(2), "a==2", "b==1", '"c":{"1":null}']);
    assert.deepEqual(held(3), ["1", ...debs(2), "a==2", '"c":{"2":null}']);
  });

  it("mounts npm locks where the projects are, writable, also at the root", () => {
    const { files, run } = pinned([], ["/app", "/"]);
    assert.deepEqual(run(1, "pins:1").npmMounts, [
      `${FOLDER}/npm-0.json,target=/app/package-lock.json,rw`,
      `${FOLDER}/npm-1.json,target=//package-lock.json,rw`,
    ]);
    const [lock] = files.filter(({ path }) => path === "1/npm-0.json");
    assert.equal(lock?.text, '{\n  "a": 1\n}\n');
    assert.deepEqual(pinned([], ["/other"], 0).run(1, "pins:1"), nothing);
  });

  // The last one is the folder of npx, which makes it as its own user.
  const PLACES = ["/my app", "/a,source=/etc", "/a'b", '/a"b', "/$HOME", "/a\\b", "/a`b", "/a\nRUN evil"];
  for (const root of [...PLACES, "relative", "/root/.npm/_npx/0a1b"])
    it(`leaves a project to the comparison whose place no mount flag can name: ${JSON.stringify(root)}`, () => {
      const { npmMounts } = pinned([], [root, "/srv/@scope/größe=1"]).run(1, "pins:1");
      const targets = npmMounts.map((flag) => /target=([^,]+)/.exec(flag)?.[1]);
      assert.deepEqual(targets, ["/srv/@scope/größe=1/package-lock.json"]);
    });

  it("makes every folder one in which a mount finds apt's configuration, as those of before did not", () => {
    const { files } = pinned(["pip:a@2 in /v", "pip:a@1 in /v gone until 1"]);
    const fewer = files.filter(({ path }) => path !== "1-until-run-1/apt.conf");
    const have = [files, fewer, []].map((some) => everyFolderHas(some, "apt.conf"));
    assert.deepEqual(have, [true, false, true]);
  });

  it("calls a stage by its name, else by its number in the loose recipe", () => {
    const unnamed = stageOf("FROM a\nFROM b\n", 1);
    assert.deepEqual([stageLabel(stage), stageLabel(unnamed)], ["final", "1"]);
  });
});
