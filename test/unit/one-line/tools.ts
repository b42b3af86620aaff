import { messageOf, onOneLine } from "../../../provider/base/errors/message";
import { repositoryOfRemote } from "../../../provider/base/git/remote";
import { parseStat } from "../../../provider/base/process/identity";
import { isAbandoned } from "../../../provider/base/process/leftovers";
import { tailOf } from "../../../provider/base/process/tail";
import { parseReference } from "../../../provider/base/reference/parse";
import { parseDigest, parseImageId } from "../../../provider/base/reference/digest";
import { parseDestination } from "../../../provider/base/ssh/destination";
import { clientLines, sshFailure } from "../../../provider/base/ssh/failure";
import { visible, visibleLines } from "../../../provider/base/words/visible";
import { failedInstruction } from "../../../provider/build/roundtrip/failed-instruction";
import { readBuildOutput } from "../../../provider/build/roundtrip/failed-step";
import { namesOutsideLock } from "../../../provider/build/roundtrip/outside-lock";
import { quotedOutput } from "../../../provider/build/roundtrip/quoted";
import { judgeRebuildFailure } from "../../../provider/build/roundtrip/rebuild-failure";
import { sentence } from "../../../provider/build/roundtrip/sentence";
import { parseBuilder } from "../../../provider/engines/docker/builder";
import { schemed, withoutUserinfo } from "../../../provider/engines/docker/endpoint";
import { isOlder } from "../../../provider/engines/docker/version";
import { addressOf } from "../../../provider/engines/registry/address";
import { advice, toolWords } from "../../../provider/engines/registry/explain";
import { isUnsettled } from "../../../provider/engines/registry/settled";
import { saysNoRepository, saysUnknown } from "../../../provider/engines/registry/skopeo";
import { readAptRecords } from "../../../provider/recipe/apt-records/read-records";
import { MARKER } from "../../../provider/recipe/apt-records/hook";
import { parseDockerfile } from "../../../provider/recipe/dockerfile/parse";
import { hostnameOf, hostOfEndpoint } from "../../../provider/stage/address";
import { asItWas } from "../../../provider/stage/printed";
import { readBefore } from "../../../provider/stage/release";
import { after, type Parser } from "./parser";
import { NO_LOCK } from "./recipes";

const RECIPE = parseDockerfile("FROM a\nRUN b\n");
const step = (line: string, exitCode = 1) => ({ lines: [line], exitCode, title: "[2/2] RUN b", error: "" });
/** What people read of a failed rebuild: the log, the step, and why it failed. */
function judged(line: string): unknown[] {
  const first = { log: `Successfully installed ${line}` };
  const lines = [line, "ERROR: No matching distribution found for a==1"];
  return [
    ...[1, 100].map((exitCode) => judgeRebuildFailure(step(line, exitCode), [line], first)),
    judgeRebuildFailure({ ...step(line), lines }, [], { log: "" }),
  ];
}

const where = (title: string, error: string): unknown =>
  failedInstruction({ title, error, exitCode: 1 }, RECIPE, () => "given");
const said = (text: string) => [
  toolWords(text),
  advice(text, "a"),
  saysUnknown(text),
  saysNoRepository(text),
];

const LOG = "¦#1 ¦#1 0.1 ¦#1 [¦#1 [a 1/2] RUN ¦#1 ERROR: ¦--- docker build begins ---\n#2 ERROR: a\n";
const STEP = "#1 [1/2] RUN a\n#1 0.1";
const APT_RECORDS = `${STEP} ${MARKER} n ¦${STEP} ${MARKER} n preferences ¦${STEP} [output clipped, log limit `;
const FAILURES = [
  "¦E: ¦E: Package '¦E: Failed to fetch ¦ a : Depends: ¦npm error ¦npm error 404 Not Found - GET ",
  "ERROR: No matching distribution found for ¦ERROR: 404 Client Error: ¦  Found link ¦ERROR: HTTP error 404 ",
  "  Could not fetch URL ¦Could not fetch URL a: ¦    The user requested ¦npm error code E¦WARNING: ",
].join("¦");
const REGISTRY = '¦msg="¦a: ¦fetching tags list: ¦Error parsing image name "¦https://¦https://a?';
const SSH = "¦ssh: ¦command [ssh ¦command [ssh -- a docker¦authenticity of host ¦@ ¦Host key for ";

/** What reads the output of builds, engines, registries, git and ssh. */
export const TOOLS: readonly Parser[] = [
  ...after("a build's log", LOG, readBuildOutput),
  ...after("a build's records of apt", `${LOG}¦${APT_RECORDS}`, (text) => readAptRecords(text, "n")),
  ...after("a failed rebuild", FAILURES, judged),
  ...after(
    "packages outside the lock",
    "¦E: Package '¦Depends: ¦Depends: a ¦npm error outside the lock: ",
    (text) => namesOutsideLock(text, NO_LOCK),
  ),
  ...after("a failed step's title", "¦[¦[a ¦[a 1/¦[1/2] ", (title) => where(title, "")),
  ...after("a failed step's error", '¦process "', (error) => where("[2/2] RUN b", error)),
  ...after("quoted output", "¦a://", (text) => quotedOutput([text])),
  ...after("a tail", "¦\u001b[¦\u001b]", (text) => tailOf(text, 3)),
  ...after("a sentence", "", (text) => sentence(new Error(text), "/a", ["b"])),
  ...after("a message", "", (text) => onOneLine(messageOf(new Error(text)))),
  ...after("visible text", "", (text) => [visible(text), visibleLines(text)]),
  ...after("a builder", "¦Driver: ¦BuildKit: ¦Name:", parseBuilder),
  ...after("an endpoint", "¦ssh://¦tcp://¦https://[", (text) => [
    ...[withoutUserinfo(text), schemed(text), hostOfEndpoint(text)],
  ]),
  ...after("a version", "¦1.¦v1.2.", (text) => isOlder(text, "1.2.3")),
  ...after("a registry's words", REGISTRY, said),
  ...after("a registry's error", "¦500 (", (text) => isUnsettled(new Error(text))),
  ...after("a registry's address", "¦a.example/", addressOf),
  ...after("a reference", "¦a:¦a@¦a@sha256:¦a/¦a://", parseReference),
  ...after("an image ID", "¦sha256:", parseImageId),
  ...after("a digest", "¦sha256:", parseDigest),
  ...after("git's remote", "¦https://¦https://a/¦git@¦a@b:¦[¦a:", repositoryOfRemote),
  ...after("ssh's words", SSH, (text) => [sshFailure("ssh://a", text), clientLines(text)]),
  ...after("ssh's settings", "¦hostname ", hostnameOf),
  ...after("an ssh destination", "¦ssh://¦ssh://a@¦ssh://[¦ssh://a/", (text) => parseDestination(text)),
  ...after("a process", "¦1 (a) ", parseStat),
  ...after("a leftover's name", `¦a.¦a.${"0".repeat(16)}.1.`, (name) => isAbandoned(name, 0, () => "gone")),
  ...after("a check's output", "¦\\u{", asItWas),
  ...after("a label", `¦${"0".repeat(64)} `, (label) => readBefore(label, "a")),
];
