import assert from "node:assert/strict";
import type { ContainerFacts } from "../../../provider/engines/containers";
import { isLocalEndpoint, schemed, withoutUserinfo } from "../../../provider/engines/docker/endpoint";
import { redMessage } from "../../../provider/stage/errors";
import { movedAway, stagingDrift } from "../../../provider/stage/live";
import { nameAside, newRelease, RELEASE_LABEL } from "../../../provider/stage/release";
import { settingsHash } from "../../../provider/stage/settings";
import { lastCharacters } from "../../../provider/stage/tail";
import * as address from "../../../provider/stage/address";
import { each } from "../../support/each";
import { withEnvironment } from "../base/git/environment";

const RECORDED = { name: "web-staging", release: "abcdefabcdef", imageId: `sha256:${"a".repeat(64)}` };
const CURRENT: ContainerFacts = {
  ...{ id: "1".repeat(64), name: "web-staging", imageId: RECORDED.imageId },
  ...{ labels: { [RELEASE_LABEL]: RECORDED.release }, running: true, paused: false },
  ...{ autoRemove: false, exitCode: 0 },
};

describe("staging, as it is now", () => {
  const drift = (changes: Partial<ContainerFacts> | null, aside: ContainerFacts | null = null) =>
    stagingDrift(RECORDED, { current: changes === null ? null : { ...CURRENT, ...changes }, aside });
  const other = { imageId: `sha256:${"b".repeat(64)}` };
  const replaced = "staging replaced: web-staging runs bbbbbbbbbbbb, not the aaaaaaaaaaaa that was released";

  each("%s", [
    ["is as it was released", {}, null],
    ["is gone", null, "staging gone: there is no container web-staging"],
    ["runs another image", other, replaced],
    ["has stopped", { running: false, exitCode: 137 }, "staging stopped: web-staging has exited with 137"],
    ["is paused", { paused: true }, "staging paused: web-staging serves nobody"],
  ])((_, changes, words) => assert.equal(drift(changes), words));

  it("runs the image in a container that nobody judged", () =>
    assert.match(drift({ labels: {} }) ?? "", /is not the container that was judged$/));

  it("was never judged", () => {
    const words = /^release unfinished: web-staging-before is still there/;
    assert.match(drift({}, { ...CURRENT, name: "web-staging-before" }) ?? "", words);
  });
});

describe("a release that goes to another engine", () => {
  const move = { name: "web-staging", from: "ssh://old", to: "ssh://new" };

  it("tells what stays where, and how it goes", () => {
    const said = movedAway(move, { current: CURRENT, aside: null }) ?? assert.fail("nothing said");
    assert.match(said, /web-staging \(image aaaaaaaaaaaa\) stays on ssh:\/\/old/);
    assert.match(said, /^staging moves from ssh:\/\/old to ssh:\/\/new\n/);
    assert.match(said, /\n {2}Once ssh:\/\/new is green, run `docker rm --force web-staging` on /);
  });

  it("says nothing where nothing is left, and that it can't tell where it can't", () => {
    assert.equal(movedAway(move, { current: null, aside: null }), null);
    assert.match(movedAway(move, null) ?? "", /can't be told what of web-staging is left on ssh:\/\/old/);
  });
});

const LOCAL = ["unix:///run/docker.sock", "npipe:////./pipe/docker", "tcp://localhost:2375"];

describe("an endpoint", () => {
  it("is this host, or another one", () => {
    const local = [...LOCAL, "tcp://127.0.0.1:2375", "tcp://localhost", "tcp://[::1]:2375"];
    const remote = ["ssh://root@web", "tcp://10.0.0.1:2375", "tcp://localhost.example:1", "", "default"];
    assert.deepEqual([...local, ...remote, "tcp://127.0.0.1.example"].filter(isLocalEndpoint), local);
  });
});

describe("a release's facts", () => {
  it("has a name that no other has", () => {
    assert.match(newRelease(), /^[0-9a-f]{12}$/);
    assert.notEqual(newRelease(), newRelease());
  });
  it("keeps what ran before under a name of its own", () => assert.equal(nameAside("web"), "web-before"));
  it("has one hash for the same settings in any order, and another for others", () => {
    assert.equal(settingsHash({ a: 1, b: [2] }), settingsHash({ b: [2], a: 1 }));
    assert.notEqual(settingsHash({ a: 1, b: [2] }), settingsHash({ a: 1, b: [3] }));
    assert.match(settingsHash(undefined), /^sha256:[0-9a-f]{64}$/);
  });
  it("repeats the last 200 characters of an output, as plain text, none of them cut in two", () => {
    assert.equal(lastCharacters(`\u001b[31m${"😀".repeat(300)}\u001b[0m\n`), "😀".repeat(200));
    assert.equal(lastCharacters("  short \n\n"), "short");
    assert.equal(lastCharacters(""), "");
  });
  it("says what went red, what was promoted, and what runs now", () => {
    const red = "staging is red (check): the check exited with 1; nothing was promoted; before runs again";
    const said = redMessage("check", "the check exited with 1", "before runs again", "it failed");
    assert.equal(said, `${red}; the end of its output: it failed`);
    assert.equal(redMessage("check", "the check exited with 1", "before runs again", ""), red);
  });
});

describe("where staging answers", () => {
  it("is this host for an engine on it", () => {
    for (const endpoint of LOCAL)
      assert.deepEqual(address.hostOfEndpoint(endpoint), { address: "127.0.0.1" });
  });

  it("is the host of any other endpoint, and for ssh what its configuration has", () => {
    for (const [endpoint, host] of [
      ["tcp://10.0.0.7:2376", { address: "10.0.0.7" }],
      ["tcp://[fe80::1]:2376", { address: "fe80::1" }],
      ["ssh://me@build:22/run/docker.sock", { alias: "build" }],
      ["ssh://me:secret@build", null],
      ["tcp://me:secret@10.0.0.7:2376", { address: "10.0.0.7" }],
      ["nonsense", null],
      ["tcp://:2375", null],
    ] as const)
      assert.deepEqual(address.hostOfEndpoint(endpoint), host, endpoint);
    assert.equal(address.hostnameOf("host build\nuser me\nhostname 10.0.0.8\nport 22\n"), "10.0.0.8");
    assert.equal(address.hostnameOf("user me\n"), null);
  });

  describe("of an engine that only the environment names", () => {
    const { releaseBase, stagingBase } = address;

    it("is that engine's host, with or without a scheme", async () => {
      for (const DOCKER_HOST of ["tcp://10.0.0.5:2375", "10.0.0.5:2375"]) {
        const asked = [stagingBase, releaseBase].map((base) => () => base(undefined, undefined, 8501));
        for (const base of asked)
          assert.equal(await withEnvironment({ DOCKER_HOST }, base), "http://10.0.0.5:8501");
      }
    });

    it("is not guessed when it names no host, unless there is an address", () =>
      withEnvironment({ DOCKER_HOST: "tcp://:2375" }, async () => {
        const refused = { name: "StagingUnlocatedError", message: /give staging\.address/ };
        await assert.rejects(stagingBase(undefined, undefined, 8501), refused);
        assert.equal(await stagingBase(undefined, "build", 8501), "http://build:8501");
      }));

    it("is this host for a release without any, which its slot sees to", () =>
      withEnvironment({ DOCKER_HOST: undefined, DOCKER_CONTEXT: "no-such-context" }, async () => {
        assert.equal(await releaseBase(undefined, null, 8501), "http://127.0.0.1:8501");
        await assert.rejects(stagingBase(undefined, null, 8501), /no-such-context/);
      }));
  });

  it("is shown without anybody's password", () => {
    assert.equal(schemed("10.0.0.5:2375"), "tcp://10.0.0.5:2375");
    assert.equal(schemed("unix:///run/docker.sock"), "unix:///run/docker.sock");
    for (const [endpoint, shown] of [
      ["tcp://me:hunter2@build:2375", "tcp://build:2375"],
      ["ssh://me:hunter2@build:22", "ssh://me@build:22"],
      ["ssh://me@build:22", "ssh://me@build:22"],
      ["unix:///run/a@b.sock", "unix:///run/a@b.sock"],
      ['at "tcp://me:hunter2@build:1".', 'at "tcp://build:1".'],
    ] as const)
      assert.equal(withoutUserinfo(endpoint), shown);
  });

  it("is a URL, with brackets for IPv6", () => {
    assert.equal(address.baseUrl("build.example", 8501), "http://build.example:8501");
    assert.equal(address.baseUrl("::1", 8501), "http://[::1]:8501");
  });
});
