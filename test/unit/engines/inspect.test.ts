import assert from "node:assert/strict";
import { engineIdentity, type DockerClient } from "../../../provider/engines/docker/client";
import { inspectImage, inspectImages } from "../../../provider/engines/docker/inspect";
import { EngineUnreachableError } from "../../../provider/engines/errors";
import { CommandError, type CommandFailure } from "../../../provider/base/process/command-error";
import { id } from "../store/scratch";
import { fakeClient, INFO } from "./fake-client";
import { each } from "../../support/each";
import { commandFailure } from "../../support/command-failure";

const failed = (changes: Partial<CommandFailure> = {}): CommandError =>
  new CommandError(commandFailure({ command: "docker", exitCode: 1, stderr: "Error", ...changes }));

/** A client that answers each command by its first words: with a text, or with an error. */
const clientOf = (answers: Record<string, string | Error>): DockerClient =>
  fakeClient((command) => {
    const key = Object.keys(answers).find((words) => command.startsWith(words));
    return answers[key ?? ""] ?? new Error(`nobody expected ${command}`);
  });
const KNOWN = { info: INFO };
const inspect = (answers: Record<string, string | Error>, reference = "web:1") =>
  inspectImage(clientOf(answers), reference);

describe("inspectImage: there, surely not there, can't tell", () => {
  it("gives the facts of what is there", async () =>
    assert.equal((await inspect({ "image inspect": JSON.stringify([{ Id: id("a") }]) }))?.id, id("a")));

  it("says not there only when the engine answers and its list lacks it", async () => {
    const list = `${id("b")}\tweb:2\tweb@<none>\n`;
    for (const inspected of [failed(), "[]"])
      assert.equal(await inspect({ "image inspect": inspected, ...KNOWN, "image ls": list }), null);
    assert.equal(await inspect({ "image inspect": failed(), ...KNOWN, "image ls": "" }), null);
  });

  it("can't tell when the list has it all the same: by reference, ID or digest", async () => {
    const list = `${id("a")}\tweb:1\tweb@${id("d")}\n`;
    for (const reference of ["web:1", id("a"), `web@${id("d")}`]) {
      const inspected = inspect({ "image inspect": failed(), ...KNOWN, "image ls": list }, reference);
      const words =
        /EngineUnreachableError: Docker at unix:\/\/\/x lists the image .* but can't inspect it; try again/;
      await assert.rejects(inspected, words);
    }
  });

  it("asks again when the list has it, because a tag that moves can be away for a moment", async () => {
    let turn = 0;
    const client = fakeClient((command) => {
      if (command.startsWith("info")) return INFO;
      if (command.startsWith("image ls")) return `${id("a")}\tweb:1\tweb@<none>\n`;
      return ++turn === 1 ? failed({ stderr: "No such image: web:1" }) : JSON.stringify([{ Id: id("a") }]);
    });
    assert.equal((await inspectImage(client, "web:1"))?.id, id("a"));
    turn = 0;
    const several = fakeClient((command) => {
      if (command.startsWith("info")) return INFO;
      if (command.startsWith("image ls")) return `${id("a")}\tweb:1\tweb@<none>\n`;
      const known = command.split(" ").slice(2);
      if (known.includes("web:1") && ++turn === 1) return failed({ stderr: "Error: No such image: web:1" });
      return JSON.stringify(known.map(() => ({ Id: id("a") })));
    });
    const found = await inspectImages(several, ["web:1", "other:1"]);
    assert.deepEqual(
      [...found.values()].map((facts) => facts?.id ?? null),
      [id("a"), id("a")],
    );
  });

  each("says not there of what its list lacks at the %s look, with %s", [
    ["second", "containerd", "overlayfs", [["driver-type", "io.containerd.snapshotter.v1"]], 2],
    ["first", "a graph driver", "overlay2", [["Backing Filesystem", "extfs"]], 1],
  ])(async (_look, _with, Driver, DriverStatus, looks) => {
    let asked = 0;
    const answering = (thereFrom: number): DockerClient =>
      fakeClient((command) => {
        if (command.startsWith("info")) return JSON.stringify({ ...JSON.parse(INFO), Driver, DriverStatus });
        if (command.startsWith("image ls")) return "";
        return ++asked < thereFrom
          ? failed({ stderr: "No such image: web:1" })
          : JSON.stringify([{ Id: id("a") }]);
      });
    assert.equal(await inspectImage(answering(Infinity), "web:1"), null);
    assert.equal(asked, looks);
    asked = 0;
    const found = (await inspectImage(answering(2), "web:1"))?.id ?? null;
    assert.equal(found, looks === 2 ? id("a") : null);
  });

  it("can't tell when the engine does not answer, in time or at all, or does not list", async () => {
    for (const info of [failed(), "{}\n", "null\n", "no JSON"])
      await assert.rejects(inspect({ "image inspect": failed(), info }), EngineUnreachableError);
    const listless = inspect({ "image inspect": failed(), ...KNOWN, "image ls": failed() });
    await assert.rejects(listless, EngineUnreachableError);
    const late = inspect({ "image inspect": failed({ timedOut: true }) });
    await assert.rejects(late, /^EngineUnreachableError: .*within 5 s .* `timeouts.inspect`$/s);
  });

  it("passes on what is no answer: a cancellation, a client that can't be started, a fault", async () => {
    for (const error of [failed({ cancelled: true }), failed({ notStarted: true }), new TypeError("a fault")])
      await assert.rejects(inspect({ "image inspect": error }), (thrown) => thrown === error);
    await assert.rejects(inspect({ "image inspect": "no JSON" }), SyntaxError);
  });
});

describe("inspectImages: several at once", () => {
  /** Answers by whole commands, and remembers them. */
  const counting = (answer: (command: string) => string | Error) =>
    fakeClient((command) => (command.startsWith("info") ? INFO : answer(command)));
  const facts = (...ids: string[]): string => JSON.stringify(ids.map((one) => ({ Id: one })));
  const gone = (...names: string[]): CommandError =>
    failed({ stderr: names.map((name) => `Error: No such image: ${name}`).join("\n") });

  it("is one question when all are there, each once", async () => {
    const client = counting(() => facts(id("a"), id("b")));
    const found = await inspectImages(client, ["web:1", "web:2", "web:1"]);
    const ids = [...found].map(([name, one]) => `${name} ${one?.id}`);
    assert.deepEqual(ids, [`web:1 ${id("a")}`, `web:2 ${id("b")}`]);
    assert.deepEqual(client.asked, ["image inspect web:1 web:2"]);
  });

  it("is four questions when some are missing, however many those are", async () => {
    const client = counting((command) => {
      if (command.startsWith("image ls")) return `${id("a")}\tweb:1\tweb@<none>\n`;
      return command === "image inspect web:1 web:4" ? facts(id("a"), id("d")) : gone("web:2", "web:3");
    });
    const found = await inspectImages(client, ["web:1", "web:2", "web:3", "web:4"]);
    const ids = ["web:1", "web:2", "web:3", "web:4"].map((name) => found.get(name)?.id ?? null);
    assert.deepEqual(ids, [id("a"), null, null, id("d")]);
    assert.equal(client.asked.length, 4);
  });

  it("does not believe that one is missing which the list has", async () => {
    const client = counting((command) =>
      command.startsWith("image ls") ? `${id("a")}\tweb:2\t\n` : gone("web:1", "web:2"),
    );
    const found = inspectImages(client, ["web:1", "web:2"]);
    await assert.rejects(found, /lists the image web:2 but can't inspect it/);
  });

  it("asks for each alone where docker's words are not known", async () => {
    const client = counting((command) => {
      if (command.startsWith("image ls")) return "";
      return command === "image inspect web:1" ? facts(id("a")) : failed({ stderr: "kein Abbild" });
    });
    const found = await inspectImages(client, ["web:1", "web:2"]);
    assert.deepEqual([found.get("web:1")?.id, found.get("web:2")], [id("a"), null]);
  });

  it("gives no facts of fewer images than were asked for to the wrong names", async () => {
    const client = counting((command) => facts(command === "image inspect web:1" ? id("a") : id("b")));
    const found = await inspectImages(client, ["web:1", "web:2"]);
    assert.deepEqual([found.get("web:1")?.id, found.get("web:2")?.id], [id("a"), id("b")]);
  });

  it("can't tell when there is no answer in time", async () => {
    const client = counting(() => failed({ timedOut: true }));
    await assert.rejects(inspectImages(client, ["web:1", "web:2"]), EngineUnreachableError);
    assert.deepEqual(await inspectImages(client, []), new Map());
  });
});

describe("engineIdentity", () => {
  it("tells who answers, and with what it builds", async () => {
    const version = { serverVersion: "20.10.24", clientVersion: "20.10.24" };
    const identity = { id: "ENGINE", ...version, builder: "built-in" };
    assert.deepEqual(await engineIdentity(clientOf(KNOWN)), identity);
  });

  it("says where nobody answers, why, and what to do, in one line", async () => {
    const stderr =
      "first line\nCannot connect to the Docker daemon at unix:///x. Is the docker daemon running?\n";
    const words =
      /^EngineUnreachableError: Docker is not reachable at unix:\/\/\/x \((?!.*first line)[^\n]+\); start the engine, or name/;
    for (const answer of [failed({ stderr }), JSON.stringify({ ServerErrors: [stderr] }), "\n"])
      await assert.rejects(engineIdentity(clientOf({ info: answer })), words);
  });

  it("is no answer about the engine when it was cancelled", async () => {
    const error = failed({ cancelled: true });
    await assert.rejects(engineIdentity(clientOf({ info: error })), (thrown) => thrown === error);
  });
});
