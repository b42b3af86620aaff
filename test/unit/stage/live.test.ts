import assert from "node:assert/strict";
import type { ContainerFacts } from "../../../provider/engines/containers";
import { isLocalEndpoint, schemed, withoutUserinfo } from "../../../provider/engines/docker/endpoint";
import { redMessage } from "../../../provider/stage/errors";
import { movedAway, stagingDrift } from "../../../provider/stage/live";
import { nameAside, newRelease, RELEASE_LABEL } from "../../../provider/stage/release";
import { settingsHash } from "../../../provider/stage/settings";
import { lastCharacters } from "../../../provider/stage/tail";
import {
  baseUrl,
  hostnameOf,
  hostOfEndpoint,
  releaseBase,
  stagingBase,
} from "../../../provider/stage/address";

const RECORDED = { name: "web-staging", release: "abcdefabcdef", imageId: `sha256:${"a".repeat(64)}` };
const CURRENT: ContainerFacts = {
  id: "1".repeat(64),
  name: "web-staging",
  imageId: RECORDED.imageId,
  labels: { [RELEASE_LABEL]: RECORDED.release },
  running: true,
  paused: false,
  autoRemove: false,
  exitCode: 0,
};

describe("staging, as it is now", () => {
  const drift = (
    changes: Partial<ContainerFacts> | null,
    aside: ContainerFacts | null = null,
  ): string | null =>
    stagingDrift(RECORDED, { current: changes === null ? null : { ...CURRENT, ...changes }, aside });

  it("is as it was released", () => assert.equal(drift({}), null));
  it("is gone", () => assert.equal(drift(null), "staging gone: there is no container web-staging"));
  it("runs another image", () =>
    assert.equal(
      drift({ imageId: `sha256:${"b".repeat(64)}` }),
      "staging replaced: web-staging runs bbbbbbbbbbbb, not the aaaaaaaaaaaa that was released",
    ));
  it("runs the image in a container that nobody judged", () =>
    assert.match(drift({ labels: {} }) ?? "", /is not the container that was judged$/));
  it("has stopped", () =>
    assert.equal(
      drift({ running: false, exitCode: 137 }),
      "staging stopped: web-staging has exited with 137",
    ));
  it("is paused", () => assert.equal(drift({ paused: true }), "staging paused: web-staging serves nobody"));
  it("was never judged", () =>
    assert.match(
      drift({}, { ...CURRENT, name: "web-staging-before" }) ?? "",
      /^release unfinished: web-staging-before is still there/,
    ));
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

describe("an endpoint", () => {
  it("is this host, or another one", () => {
    const local = [
      "unix:///run/docker.sock",
      "npipe:////./pipe/docker",
      "tcp://127.0.0.1:2375",
      "tcp://localhost",
      "tcp://[::1]:2375",
    ];
    const remote = [
      "ssh://root@web",
      "tcp://10.0.0.1:2375",
      "tcp://localhost.example:1",
      "tcp://127.0.0.1.example",
      "",
      "default",
    ];
    assert.deepEqual(local.filter(isLocalEndpoint), local);
    assert.deepEqual(remote.filter(isLocalEndpoint), []);
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
    assert.equal(
      redMessage("check", "the check exited with 1", "web-staging runs what it ran before", "it failed"),
      "staging is red (check): the check exited with 1; nothing was promoted; web-staging runs what it ran before; the end of its output: it failed",
    );
    assert.equal(
      redMessage("gate", "no", "after", ""),
      "staging is red (gate): no; nothing was promoted; after",
    );
  });
});

describe("where staging answers", () => {
  it("is this host for an engine on it", () => {
    for (const endpoint of ["unix:///run/docker.sock", "tcp://localhost:2375", "npipe:////./pipe/docker"])
      assert.deepEqual(hostOfEndpoint(endpoint), { address: "127.0.0.1" });
  });

  it("is the host of any other endpoint, and for ssh what its configuration has", () => {
    assert.deepEqual(hostOfEndpoint("tcp://10.0.0.7:2376"), { address: "10.0.0.7" });
    assert.deepEqual(hostOfEndpoint("tcp://[fe80::1]:2376"), { address: "fe80::1" });
    assert.deepEqual(hostOfEndpoint("ssh://me@build:22/run/docker.sock"), { alias: "build" });
    assert.equal(hostOfEndpoint("ssh://me:secret@build"), null);
    assert.deepEqual(hostOfEndpoint("tcp://me:secret@10.0.0.7:2376"), { address: "10.0.0.7" });
    assert.equal(hostOfEndpoint("nonsense"), null);
    assert.equal(hostOfEndpoint("tcp://:2375"), null);
    assert.equal(hostnameOf("host build\nuser me\nhostname 10.0.0.8\nport 22\n"), "10.0.0.8");
    assert.equal(hostnameOf("user me\n"), null);
  });

  describe("of an engine that only the environment names", () => {
    const before = process.env.DOCKER_HOST;
    afterEach(() => {
      if (before === undefined) delete process.env.DOCKER_HOST;
      else process.env.DOCKER_HOST = before;
    });

    it("is that engine's host, with or without a scheme", async () => {
      process.env.DOCKER_HOST = "tcp://10.0.0.5:2375";
      assert.equal(await stagingBase(undefined, undefined, 8501), "http://10.0.0.5:8501");
      process.env.DOCKER_HOST = "10.0.0.5:2375";
      assert.equal(await stagingBase(undefined, undefined, 8501), "http://10.0.0.5:8501");
      assert.equal(await releaseBase(undefined, undefined, 8501), "http://10.0.0.5:8501");
    });

    it("is not guessed when it names no host, unless there is an address", async () => {
      process.env.DOCKER_HOST = "tcp://:2375";
      await assert.rejects(stagingBase(undefined, undefined, 8501), {
        name: "StagingUnlocatedError",
        message: /give staging\.address/,
      });
      assert.equal(await stagingBase(undefined, "build", 8501), "http://build:8501");
    });

    it("is this host for a release without any, which its slot sees to", async () => {
      delete process.env.DOCKER_HOST;
      const { DOCKER_CONTEXT } = process.env;
      process.env.DOCKER_CONTEXT = "no-such-context";
      try {
        assert.equal(await releaseBase(undefined, null, 8501), "http://127.0.0.1:8501");
        await assert.rejects(stagingBase(undefined, null, 8501), /no-such-context/);
      } finally {
        if (DOCKER_CONTEXT === undefined) delete process.env.DOCKER_CONTEXT;
        else process.env.DOCKER_CONTEXT = DOCKER_CONTEXT;
      }
    });
  });

  it("is shown without anybody's password", () => {
    assert.equal(schemed("10.0.0.5:2375"), "tcp://10.0.0.5:2375");
    assert.equal(schemed("unix:///run/docker.sock"), "unix:///run/docker.sock");
    assert.equal(withoutUserinfo("tcp://me:hunter2@build:2375"), "tcp://build:2375");
    assert.equal(withoutUserinfo("ssh://me:hunter2@build:22"), "ssh://me@build:22");
    assert.equal(withoutUserinfo("ssh://me@build:22"), "ssh://me@build:22");
    assert.equal(withoutUserinfo("unix:///run/a@b.sock"), "unix:///run/a@b.sock");
    assert.equal(withoutUserinfo('at "tcp://me:hunter2@build:1".'), 'at "tcp://build:1".');
  });

  it("is a URL, with brackets for IPv6", () => {
    assert.equal(baseUrl("build.example", 8501), "http://build.example:8501");
    assert.equal(baseUrl("::1", 8501), "http://[::1]:8501");
  });
});
