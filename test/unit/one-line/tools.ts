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
const FIRST = { log: "" };

/** What people read of a failed rebuild: the log, the step, and why it failed. */
function judged(line: string): unknown[] {
  const first = { log: `Successfully installed ${line}` };
  return [
    ...[1, 100].map((exitCode) => judgeRebuildFailure(step(line, exitCode), [line], first)),
    judgeRebuildFailure(
      { ...step(line), lines: [line, "ERROR: No matching distribution found for a==1"] },
      [],
      FIRST,
    ),
  ];
}

const where = (title: string, error: string): unknown =>
  failedInstruction({ title, error, exitCode: 1 }, RECIPE, () => "given");

const LOG = ["", "#1 ", "#1 0.1 ", "#1 [", "#1 [a 1/2] RUN ", "#1 ERROR: ", "#1 [internal] \n#2 ERROR: a\n"];

/** What reads the output of builds, engines, registries, git and ssh. */
export const TOOLS: readonly Parser[] = [
  ...after("a build's log", readBuildOutput, LOG),
  ...after("a build's records of apt", (text) => readAptRecords(text, "n"), [
    ...LOG,
    ...[`#1 [1/2] RUN a\n#1 0.1 ${MARKER} n `, `#1 [1/2] RUN a\n#1 0.1 ${MARKER} n preferences `],
    `#1 [1/2] RUN a\n#1 0.1 [output clipped, log limit `,
  ]),
  ...after("a failed rebuild", judged, [
    ...[
      "",
      "E: ",
      "E: Package '",
      "E: Failed to fetch ",
      " a : Depends: ",
      "npm error ",
      "npm error 404 Not Found - GET ",
    ],
    ...[
      "ERROR: No matching distribution found for ",
      "ERROR: 404 Client Error: ",
      "  Found link ",
      "ERROR: HTTP error 404 ",
    ],
    ...[
      "  Could not fetch URL ",
      "Could not fetch URL a: ",
      "    The user requested ",
      "npm error code E",
      "WARNING: ",
    ],
  ]),
  ...after("packages outside the lock", (text) => namesOutsideLock(text, NO_LOCK), [
    ...["", "E: Package '", "Depends: ", "Depends: a ", "npm error outside the lock: "],
  ]),
  ...after("a failed step's title", (title) => where(title, ""), ["", "[", "[a ", "[a 1/", "[1/2] "]),
  ...after("a failed step's error", (error) => where("[2/2] RUN b", error), ["", 'process "']),
  ...after("quoted output", (text) => quotedOutput([text]), ["", "a://"]),
  ...after("a tail", (text) => tailOf(text, 3), ["", "\u001b[", "\u001b]"]),
  ...after("a sentence", (text) => sentence(new Error(text), "/a", ["b"]), [""]),
  ...after("a message", (text) => onOneLine(messageOf(new Error(text))), [""]),
  ...after("visible text", (text) => [visible(text), visibleLines(text)], [""]),
  ...after("a builder", parseBuilder, ["", "Driver: ", "BuildKit: ", "Name:"]),
  ...after("an endpoint", (text) => [withoutUserinfo(text), schemed(text), hostOfEndpoint(text)], [
    "",
    "ssh://",
    "tcp://",
    "https://[",
  ]),
  ...after("a version", (text) => isOlder(text, "1.2.3"), ["", "1.", "v1.2."]),
  ...after(
    "a registry's words",
    (text) => [toolWords(text), advice(text, "a"), saysUnknown(text), saysNoRepository(text)],
    [...["", 'msg="', "a: ", "fetching tags list: ", 'Error parsing image name "', "https://", "https://a?"]],
  ),
  ...after("a registry's error", (text) => isUnsettled(new Error(text)), ["", "500 ("]),
  ...after("a registry's address", addressOf, ["", "a.example/"]),
  ...after("a reference", parseReference, ["", "a:", "a@", "a@sha256:", "a/", "a://"]),
  ...after("an image ID", parseImageId, ["", "sha256:"]),
  ...after("a digest", parseDigest, ["", "sha256:"]),
  ...after("git's remote", repositoryOfRemote, ["", "https://", "https://a/", "git@", "a@b:", "[", "a:"]),
  ...after("ssh's words", (text) => [sshFailure("ssh://a", text), clientLines(text)], [
    ...[
      "",
      "ssh: ",
      "command [ssh ",
      "command [ssh -- a docker",
      "authenticity of host ",
      "@ ",
      "Host key for ",
    ],
  ]),
  ...after("ssh's settings", hostnameOf, ["", "hostname "]),
  ...after("an ssh destination", (text) => parseDestination(text), [
    "",
    "ssh://",
    "ssh://a@",
    "ssh://[",
    "ssh://a/",
  ]),
  ...after("a process", parseStat, ["", "1 (a) "]),
  ...after("a leftover's name", (name) => isAbandoned(name, 0, () => "gone"), [
    "",
    "a.",
    `a.${"0".repeat(16)}.1.`,
  ]),
  ...after("a check's output", asItWas, ["", "\\u{"]),
  ...after("a label", (label) => readBefore(label, "a"), ["", `${"0".repeat(64)} `]),
];
