import assert from "node:assert/strict";
import { dockerContainers } from "../../provider/engines/docker/containers";
import { EngineUnreachableError } from "../../provider/engines/errors";
import type { Judgement } from "../../provider/promote/gate/clause";
import { StagingBlockedError, StagingRedError } from "../../provider/stage/errors";
import type { Probe } from "../../provider/stage/health";
import { httpProbe } from "../../provider/stage/http-probe";
import { nameAside, RELEASE_LABEL, type SetAside } from "../../provider/stage/release";
import { dockerEffects } from "../../provider/stage/docker-effects";
import { stagingMachine } from "../../provider/stage/machine";
import { clearStaging, setAside, undoElsewhere } from "../../provider/stage/set-aside";
import { docker } from "../support/docker";
import { freePort } from "../support/free-port";
import { ownImages } from "../support/own-images";
import { ask, buildWebService } from "../support/web-service";

const GREEN = "fine\n\nstaging check 111111111111: exited with 0\n";
const RED = `no\nstaging check 111111111111: exited with 3\n`;

describe("a staged release on a real engine", function () {
  this.timeout(120_000);
  const images = ownImages("staging");
  const name = images.name;
  const effects = dockerEffects(undefined, 30, assert.fail);
  const { containers } = effects;
  const machine = stagingMachine(effects);
  const built: Record<string, string> = {};
  let port: number;
  const url = (): string => `http://127.0.0.1:${port}/`;

  before(async () => {
    port = await freePort();
    const answers = { first: "200 first", second: "200 second", ill: "503 ill" };
    for (const [key, answer] of Object.entries(answers)) {
      built[key] = await buildWebService(`${name}:${key}`, answer, images.labels);
    }
  });
  after(() => images.clean());
  afterEach(async () => {
    const left = await images.containers();
    if (left.length > 0) await docker(["rm", "--force", "--volumes", ...left]);
  });

  const image = (key: string): string => built[key] ?? assert.fail(key);

  /** Makes a container under the staging name, as `@pulumi/docker` does it: without starting it. */
  async function make(key: string, release: string | null, publish = port): Promise<string> {
    const label = release === null ? [] : ["--label", `${RELEASE_LABEL}=${release}`];
    return docker(["create", "--name", name, "--publish", `${publish}:8000`, ...label, image(key)]);
  }

  /** Something that runs in staging already. */
  async function running(key: string, release: string | null = "000000000000"): Promise<string> {
    const id = await make(key, release);
    await containers.start(id);
    await switchedOn();
    return id;
  }

  async function switchedOn(): Promise<void> {
    const probe = httpProbe(containers, name);
    for (let tries = 0; tries < 100; tries++) {
      const status = await probe.status(url(), 1_000).catch(() => 0);
      if (status !== 0) return;
      await probe.pause(100);
    }
    assert.fail("staging did not answer");
  }

  async function fresh(key: string): Promise<{ id: string; before: SetAside[] }> {
    const before = await setAside(containers, name, []);
    return { id: await make(key, "111111111111"), before };
  }

  const release = ({ id, before }: { id: string; before: SetAside[] }, key: string) => ({
    release: "111111111111",
    name,
    containerId: id,
    imageId: image(key),
    before,
  });

  /** As time goes for it, its deadline has come once there was an answer. */
  function impatient(id: string): Probe {
    const probe = httpProbe(containers, id);
    let answered = false;
    return {
      ...probe,
      async status(...look) {
        const status = await probe.status(...look);
        answered = true;
        return status;
      },
      now: () => probe.now() + (answered ? 3_600_000 : 0),
    };
  }

  const take = (
    of: { id: string; before: SetAside[] },
    key: string,
    controller = new AbortController(),
    probe = key === "ill" ? impatient(of.id) : httpProbe(containers, of.id),
  ): Promise<number> =>
    stagingMachine({ ...effects, probe: () => probe }).takeOver(
      release(of, key),
      { url: url(), deadlineSeconds: 60 },
      controller.signal,
    );

  async function red(work: Promise<unknown>): Promise<StagingRedError> {
    const error = await work.then(
      () => assert.fail("it was not red"),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof StagingRedError, String(error));
    return error;
  }

  async function onlyOne(id: string): Promise<void> {
    assert.equal((await containers.find(name))?.id, id);
    assert.equal(await containers.find(nameAside(name)), null);
    assert.equal((await images.containers()).length, 1);
  }

  describe("asking for a container", () => {
    it("finds it by name and by ID, with image, labels and state", async () => {
      const id = await make("first", "111111111111");
      const facts = await containers.find(name);
      assert.deepEqual(await containers.find(id), facts);
      assert.equal(facts?.imageId, image("first"));
      assert.equal(facts.labels[RELEASE_LABEL], "111111111111");
      assert.equal(facts.running, false);
    });

    it("takes neither the beginning of an ID nor a similar name for it", async () => {
      const id = await make("first", null);
      assert.equal(await containers.find(id.slice(0, 12)), null);
      assert.equal(await containers.find(name.slice(0, -1)), null);
    });

    it("does not take an engine that gives no answer for a container that is gone", async () => {
      const nobody = dockerContainers("tcp://127.0.0.1:9", 10_000);
      await assert.rejects(nobody.find(name), EngineUnreachableError);
    });
  });

  it("frees the name while what has it keeps serving", async () => {
    const id = await running("first");
    assert.deepEqual(await setAside(containers, name, []), [{ id, name, running: true }]);
    assert.equal(await containers.find(name), null);
    assert.equal(await ask(url()), "200 first");
  });

  it("is rehearsed: a container that the engine makes goes again, one that it refuses is red before anything is stopped", async () => {
    const id = await running("first");
    const before = await setAside(containers, name, []);
    const planned = { name, release: "111111111111", before };
    const order = { imageId: image("second"), ports: [{ external: port, internal: 8000 }], env: { A: "b" } };
    await machine.rehearse(planned, order);
    assert.equal((await images.containers()).length, 1);
    assert.equal((await containers.find(nameAside(name)))?.id, id);
    const error = await red(machine.rehearse(planned, { ...order, env: { "": "b" } }));
    assert.match(
      error.message,
      /staging is red \(create\): docker container create failed .*; nothing was promoted; \S+ runs what it ran before/,
    );
    await onlyOne(id);
    assert.equal(await ask(url()), "200 first");
  });

  it("takes over when it is healthy, and what ran before goes once it is judged green", async () => {
    await running("first");
    const next = await fresh("second");
    const seconds = await take(next, "second");
    assert.ok(seconds >= 0 && seconds < 60);
    assert.equal(await ask(url()), "200 second");
    const yes: Judgement = { ok: true, verdict: "provenance match: 1", clauses: [] };
    const checked = { ...release(next, "second"), checkOutput: GREEN };
    assert.equal(await machine.conclude(checked, () => Promise.resolve(yes)), yes);
    await onlyOne(next.id);
    assert.equal(await ask(url()), "200 second");
  });

  // Not healthy, not started, a red check: staging-image-fresh.test.ts.
  describe("goes back to what ran before", () => {
    it("when it is cancelled while it waits", async () => {
      const id = await running("first");
      const controller = new AbortController();
      const next = await fresh("ill");
      const probe = httpProbe(containers, next.id);
      const status: typeof probe.status = async (...look) => {
        const answer = await probe.status(...look);
        controller.abort(new Error("cancelled"));
        return answer;
      };
      const waiting = take(next, "ill", controller, { ...probe, status });
      assert.match((await red(waiting)).message, /\(health\): cancelled/);
      await onlyOne(id);
    });

    it("when the container was made from another image than it should be", async () => {
      const id = await running("first");
      assert.match(
        (await red(take(await fresh("ill"), "second"))).message,
        /the fresh container runs sha256:/,
      );
      await onlyOne(id);
    });

    it("when the check was run against a container that is not there any more", async () => {
      const id = await running("first");
      const next = await fresh("second");
      await take(next, "second");
      await containers.stop(next.id);
      const never = (): Promise<Judgement> => assert.fail("the gate was asked");
      const concluded = machine.conclude({ ...release(next, "second"), checkOutput: GREEN }, never);
      assert.match((await red(concluded)).message, /no longer the container that was checked/);
      await onlyOne(id);
    });

    it("when the gate says no, or can't be asked", async () => {
      const no: Judgement = {
        ok: false,
        verdict: "provenance mismatch",
        clauses: [{ property: "expectedRevision", ok: false, message: "provenance mismatch" }],
      };
      for (const gate of [
        () => Promise.resolve(no),
        () => Promise.reject(new Error("provenance mismatch")),
      ]) {
        const id = await running("first");
        const next = await fresh("second");
        await take(next, "second");
        const error = await red(machine.conclude({ ...release(next, "second"), checkOutput: GREEN }, gate));
        assert.match(error.message, /staging is red \(gate\): provenance mismatch/);
        await onlyOne(id);
        await containers.remove(id);
      }
    });
  });

  it("leaves nothing behind when it goes red and nothing ran before", async () => {
    const error = await red(take(await fresh("ill"), "ill"));
    assert.match(error.message, /is down, as it was before/);
    assert.deepEqual(await images.containers(), []);
  });

  it("starts an earlier release again that had stopped", async () => {
    const id = await make("first", "000000000000");
    const error = await red(take(await fresh("ill"), "ill"));
    assert.match(error.message, /runs what it ran before/);
    await onlyOne(id);
    await switchedOn();
    assert.equal(await ask(url()), "200 first");
  });

  it("is not kept when what has to come with it fails", async () => {
    const id = await running("first");
    const next = await fresh("second");
    await take(next, "second");
    const yes: Judgement = { ok: true, verdict: "provenance match: 1", clauses: [] };
    const checked = { ...release(next, "second"), checkOutput: GREEN };
    const keep = () => Promise.reject(new Error("no such tag"));
    const error = await red(machine.conclude(checked, () => Promise.resolve(yes), keep));
    assert.match(error.message, /staging is red \(tag\): no such tag; .* runs what it ran before/);
    await onlyOne(id);
  });

  it("leaves an earlier release stopped where that is asked for", async () => {
    const id = await make("first", "000000000000");
    const { before } = await machine.plan(name, { stoppedStays: true });
    assert.deepEqual(before, [{ id, name, running: false }]);
  });

  it("does not start what somebody else has stopped", async () => {
    const id = await make("first", null);
    await red(take(await fresh("ill"), "ill"));
    await onlyOne(id);
    assert.equal((await containers.find(id))?.running, false);
  });

  describe("that was interrupted", () => {
    it("before its container was made: the next one finds what ran before under its name", async () => {
      const id = await running("first");
      await setAside(containers, name, []);
      assert.deepEqual(await setAside(containers, name, []), [{ id, name, running: true }]);
    });

    it("before it was judged: its container goes, and what ran before is what can be restored", async () => {
      const id = await running("first");
      const next = await fresh("second");
      await take(next, "second");
      const before = await setAside(containers, name, next.before);
      assert.deepEqual(before, [{ id, name, running: true }]);
      assert.equal(await containers.find(next.id), null);
      await switchedOn();
      assert.equal(await ask(url()), "200 first");
    });

    it("is not touched when both names are taken by others", async () => {
      const id = await make("first", null);
      await containers.rename(id, nameAside(name));
      const other = await make("second", null);
      await assert.rejects(setAside(containers, name, []), StagingBlockedError);
      assert.equal((await containers.find(name))?.id, other);
    });
  });

  it("does not take what Docker would remove once it is stopped", async () => {
    const id = await docker(["run", "--detach", "--rm", "--name", name, image("first")]);
    await assert.rejects(setAside(containers, name, []), /was started with --rm/);
    assert.equal((await containers.find(name))?.id, id);
  });

  it("never removes the only container that there is, when a judged release is checked again", async () => {
    const id = await running("first", "111111111111");
    const gone = [{ id: "f".repeat(64), name, running: true }];
    const again = { ...release({ id, before: gone }, "first"), checkOutput: RED };
    const error = await red(machine.conclude(again, () => assert.fail("the gate was asked")));
    assert.match(error.message, /stays what it is, because what ran before it \(ffffffffffff\) is gone/);
    assert.equal(await ask(url()), "200 first");
    await take({ id, before: gone }, "first");
    await onlyOne(id);
  });

  it("gives up a name together with what was set aside under it", async () => {
    const id = await running("first");
    const before = await setAside(containers, name, []);
    await undoElsewhere(containers, `${name}-renamed`, before);
    await onlyOne(id);
    await undoElsewhere(containers, name, before);
    await onlyOne(id);
  });

  describe("that is taken away", () => {
    it("takes the earlier release that it went back to as well", async () => {
      const id = await running("first", "000000000000");
      await clearStaging(containers, name, "111111111111", [{ id, name, running: true }]);
      assert.deepEqual(await images.containers(), []);
    });

    it("takes its own container, and not one that somebody else has put there", async () => {
      await make("first", "111111111111");
      await clearStaging(containers, name, "111111111111", []);
      assert.deepEqual(await images.containers(), []);
      const id = await make("first", null);
      await clearStaging(containers, name, "111111111111", []);
      await onlyOne(id);
    });

    it("in the middle gives a foreign container its name back", async () => {
      const id = await running("first", null);
      const next = await fresh("second");
      await take(next, "second");
      await clearStaging(containers, name, "111111111111", []);
      await onlyOne(id);
      await switchedOn();
      assert.equal(await ask(url()), "200 first");
    });
  });
});
