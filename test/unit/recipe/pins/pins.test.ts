import assert from "node:assert/strict";
import { parseDockerfile } from "../../../../provider/recipe/dockerfile/parse";
import type { Stage } from "../../../../provider/recipe/dockerfile/types";
import type { Lock, LockedPackage } from "../../../../provider/packages/lock/types";
import { aptConfiguration, aptPreferences } from "../../../../provider/recipe/pins/apt";
import { npmPins } from "../../../../provider/recipe/pins/npm";
import { pipConstraints } from "../../../../provider/recipe/pins/pip";
import { pinStage, stageLabel, type PinnedNpmProject } from "../../../../provider/recipe/pins/pinned-stage";
import { stagePackages } from "../../../../provider/recipe/pins/pinned-stage";

const deb = (name: string, version: string, more: Partial<LockedPackage> = {}): LockedPackage => ({
  ecosystem: "dpkg",
  name,
  version,
  ...more,
});
const pip = (name: string, version: string, more: Partial<LockedPackage> = {}): LockedPackage => ({
  ecosystem: "pip",
  name,
  version,
  root: "/usr/local/lib/python3.11/site-packages",
  ...more,
});
const lockOf = (packages: LockedPackage[]): Lock => ({
  schema: 2,
  bases: [],
  packages,
  sources: [],
  unpinned: [],
});
const stageOf = (recipe: string, index = 0): Stage => parseDockerfile(recipe).stages[index] as Stage;

describe("aptPreferences", () => {
  it("pin every package, after a catch-all that lets nothing else in", () =>
    assert.deepEqual(
      aptPreferences([deb("curl", "7.88.1-10"), pip("six", "1"), deb("libc6", "1:2.36-9", { arch: "i386" })]),
      [
        ...["Package: *", "Pin: release *", "Pin-Priority: -1"],
        ...["", "Package: curl", "Pin: version 7.88.1-10", "Pin-Priority: 1001"],
        ...["", "Package: libc6:i386", "Pin: version 1:2.36-9", "Pin-Priority: 1001"],
      ],
    ));

  it("are empty without Debian packages: a catch-all alone would forbid everything", () => {
    assert.deepEqual(aptPreferences([]), []);
    assert.deepEqual(aptPreferences([pip("six", "1")]), []);
  });

  it("are the only ones that apt reads", () =>
    assert.deepEqual(aptConfiguration("/pins"), [
      'Dir::Etc::Preferences "/pins/preferences";',
      'Dir::Etc::PreferencesParts "/pins/preferences.d";',
    ]));
});

describe("pipConstraints", () => {
  it("hold every distribution at its version, once", () =>
    assert.deepEqual(
      pipConstraints([
        pip("six", "1.17.0"),
        pip("six", "1.17.0", { root: "/venv" }),
        deb("curl", "1"),
        pip("torch", "2.0+cu118"),
      ]),
      ["six==1.17.0", "torch==2.0+cu118"],
    ));

  it("leave out what Debian's packages brought, which apt pins", () =>
    assert.deepEqual(pipConstraints([pip("six", "1", { root: "/usr/lib/python3/dist-packages" })]), []));

  it("say of a name at two versions that it can't be held", () =>
    assert.deepEqual(
      pipConstraints([pip("six", "1"), pip("six", "2", { root: "/venv" }), pip("wheel", "1")]),
      ["# six stands at 1 and 2: left to the comparison", "wheel==1"],
    ));

  it("take names like those of object properties", () =>
    assert.deepEqual(pipConstraints([pip("constructor", "1"), pip("__proto__", "2")]), [
      "constructor==1",
      "__proto__==2",
    ]));
});

describe("npmPins", () => {
  const npm = (name: string, version: string, hash?: string): LockedPackage => ({
    ecosystem: "npm",
    name,
    version,
    root: `/srv/${hash}`,
    ...(hash === undefined ? {} : { hash }),
  });

  it("hold every version of a name, with the integrity that the lock knows", () => {
    const lines = npmPins([
      npm("a", "1.0.0", "sha512-YQ=="),
      npm("a", "1.0.0"),
      npm("a", "2.0.0"),
      npm("@own/b", "1.0.0"),
      pip("six", "1"),
    ]);
    assert.deepEqual(lines, [
      "{",
      '"a":{"1.0.0":"sha512-YQ==","2.0.0":null},',
      '"@own/b":{"1.0.0":null}',
      "}",
    ]);
    assert.doesNotThrow(() => JSON.parse(lines.join("\n")) as unknown);
  });

  it("know no integrity where there are two, or one that npm could not read", () =>
    assert.deepEqual(
      npmPins([npm("a", "1", "sha512-YQ=="), npm("a", "1", "sha512-Yg=="), npm("b", "1", "git+ssh")]),
      ["{", '"a":{"1":null},', '"b":{"1":null}', "}"],
    ));

  it("are empty without npm packages: they would forbid everything", () =>
    assert.deepEqual(npmPins([pip("six", "1")]), []));

  it("take names like those of object properties", () =>
    assert.deepEqual(Object.entries(JSON.parse(npmPins([npm("__proto__", "1")]).join("")) as object), [
      ["__proto__", { "1": null }],
    ]));
});

describe("stagePackages", () => {
  const lock = lockOf([
    deb("curl", "1"),
    deb("curl", "2", { stage: "assets" }),
    deb("curl", "3", { arch: "i386" }),
    deb("git", "1", { stage: "assets" }),
    pip("curl", "4"),
    deb("curl", "5", { stage: "other" }),
  ]);
  const shown = (stage: string | null): string[] =>
    stagePackages(lock, stage).map(({ ecosystem, name, version }) => `${ecosystem}:${name} ${version}`);

  it("are the image's own for the final stage", () =>
    assert.deepEqual(shown(null), ["dpkg:curl 1", "dpkg:curl 3", "pip:curl 4"]));

  it("are the image's, overridden by what the stage itself had, by ecosystem, name and architecture", () => {
    assert.deepEqual(shown("assets"), ["dpkg:curl 2", "dpkg:git 1", "dpkg:curl 3", "pip:curl 4"]);
    assert.deepEqual(shown("unheard-of"), ["dpkg:curl 1", "dpkg:curl 3", "pip:curl 4"]);
  });
});

describe("pinStage", () => {
  const stage = stageOf("FROM a\nRUN x\nFROM b AS Final\nRUN npm ci\n", 1);
  const project = (root: string, at = 1): PinnedNpmProject => ({ stage: at, root, lock: '{\n  "a": 1\n}\n' });
  const pinned = (
    packages: LockedPackage[],
    projects: PinnedNpmProject[] = [],
    escape = "\\",
  ): ReturnType<typeof pinStage> => pinStage(stage, true, lockOf(packages), projects, escape);

  it("is nothing where there is nothing to pin", () => {
    const nothing = { writes: [], mounts: [], npmMounts: [], arguments: {} };
    assert.deepEqual(pinned([]), nothing);
    const gem: LockedPackage = { ecosystem: "gem", name: "a", version: "1" };
    assert.deepEqual(pinned([gem], [project("/app", 0)]), nothing);
  });

  it("writes each tool's file into the stage's own folder, and points the tool at its mount", () => {
    const { writes, mounts, npmMounts, arguments: args } = pinned([deb("curl", "1"), pip("six", "1")]);
    assert.equal(writes[0], "RUN mkdir -p /verified-images/1/preferences.d");
    assert.deepEqual(
      writes.slice(1).map((run) => /\S+$/.exec(run)?.[0]),
      ["apt.conf", "preferences", "constraints.txt"].map((name) => `/verified-images/1/${name}`),
    );
    assert.deepEqual(mounts, [
      "--mount=type=bind,from=verified-images-pins,source=/verified-images/1,target=/dev/verified-images",
    ]);
    assert.deepEqual(npmMounts, []);
    assert.deepEqual(args, {
      APT_CONFIG: "/dev/verified-images/apt.conf",
      PIP_CONSTRAINT: "/dev/verified-images/constraints.txt",
    });
  });

  it("mounts npm locks where the projects are, writable, also at the root", () => {
    const { writes, npmMounts } = pinned([], [project("/app"), project("/"), project("/other", 0)]);
    assert.deepEqual(npmMounts, [
      "--mount=type=bind,from=verified-images-pins,source=/verified-images/1/npm-0.json,target=/app/package-lock.json,rw",
      "--mount=type=bind,from=verified-images-pins,source=/verified-images/1/npm-1.json,target=//package-lock.json,rw",
    ]);
    assert.equal(writes.at(-1), "RUN chmod 0666 /verified-images/1/npm-*.json");
    assert.ok(writes[1]?.includes("  '  \"a\": 1' \\\n"));
  });

  it("leaves projects to the comparison whose place no mount flag can name", () => {
    for (const root of [
      "/my app",
      "/a,source=/etc",
      "/a'b",
      '/a"b',
      "/$HOME",
      "/a\\b",
      "/a`b",
      "/a\nRUN evil",
      "relative",
    ]) {
      assert.deepEqual(pinned([], [project(root)]).npmMounts, [], root);
    }
    assert.equal(pinned([], [project("/my app"), project("/srv/@scope/größe=1")]).npmMounts.length, 1);
  });

  it("leaves the folders of npx to npx, which makes them as its own user", () =>
    assert.deepEqual(pinned([], [project("/root/.npm/_npx/0a1b")]).npmMounts, []));

  it("calls a stage by its name, else by its number in the loose recipe", () => {
    assert.equal(stageLabel(stage), "final");
    assert.equal(stageLabel(stageOf("FROM a\nFROM b\n", 1)), "1");
    assert.equal(stageLabel(stageOf("FROM h AS helper\nFROM a\nFROM b\n", 2), 1), "1");
  });
});
