import { parseUnambiguous } from "../../../provider/base/json/unambiguous";
import { leaseSchema } from "../../../provider/base/lease/lease-file";
import { parseJob } from "../../../provider/build/background/job";
import { credentialsFor } from "../../../provider/engines/registry/docker-credentials";
import { isAttestation, readConfiguration, readManifest } from "../../../provider/engines/registry/manifest";
import { imageInputs } from "../../../provider/inputs/image-inputs";
import { judgeConcurrency } from "../../../provider/inputs/concurrency";
import { nameFromResource } from "../../../provider/inputs/name";
import { pushProblem } from "../../../provider/inputs/push-target";
import { configuredRollout } from "../../../provider/promote/gate/rollout-settings";
import { checkPromotionInputs } from "../../../provider/promote/inputs/promotion-inputs";
import { parseHistory } from "../../../provider/promote/receipts/history";
import { namedImages } from "../../../provider/promote/receipts/named";
import { whoPromotes } from "../../../provider/promote/receipts/who";
import { programPath } from "../../../provider/pulumi/host/program-paths";
import { stagingSchema } from "../../../provider/stage/inputs/staging-shapes";
import { readCheck } from "../../../provider/stage/check-run";
import { pathOnHost } from "../../../provider/stage/worktree-path";
import { TIMESTAMP } from "../../../provider/store/timestamp";
import { builds, limit } from "../../../cli/flags/numbers";
import { pair } from "../../../cli/flags/pairs";
import { secret } from "../../../cli/flags/secrets";
import { nameOf } from "../../../cli/name-of";
import { retainSetting } from "../../../cli/settings";
import { after, bytesAfter, type Parser } from "./parser";

const JSONS = ["", "{", '{"', '{"a":"', '{"manifests":', '{"config":{"digest":"'];
const later = (): boolean => false;

/** One text as every input of one schema: alone, in a list and as a name. */
function everywhere(shape: Readonly<Record<string, unknown>>, text: string): Record<string, unknown>[] {
  return [text, [text], { [text]: text }].map((value) =>
    Object.fromEntries(Object.keys(shape).map((name) => [name, value])),
  );
}
const PROMOTION = {
  ...{
    image: 1,
    target: 1,
    targets: 1,
    root: 1,
    expectedRevision: 1,
    branch: 1,
    worktree: 1,
    overrideReason: 1,
  },
  ...{ host: 1, staging: 1, validated: 1, retain: 1 },
};

/** What reads JSON, settings, inputs and the files of the store. */
export const DOCUMENTS: readonly Parser[] = [
  ...after("JSON of a registry", (text) => parseUnambiguous(text, ["config"], ["labels"]), JSONS),
  ...after("a JSON text of one string", (text) => parseUnambiguous(JSON.stringify({ a: text }), ["a"], []), [
    "",
  ]),
  ...after("a JSON text of one key", (text) => parseUnambiguous(JSON.stringify({ [text]: 1 }), ["a"], []), [
    "",
  ]),
  ...after("a manifest", (text) => readManifest(text, "a"), JSONS),
  ...after("an attestation", (text) => isAttestation(text, "a"), JSONS),
  ...after("a configuration", (text) => readConfiguration(text, "a"), JSONS),
  ...after("docker's configuration", (text) => credentialsFor("a", text), JSONS),
  [
    "a registry in docker's configuration",
    (line) => credentialsFor("a", JSON.stringify({ auths: { [line]: {} } })),
  ],
  ...after("a lease", (text) => leaseSchema.safeParse({ token: text }), [""]),
  ...bytesAfter("a history", (content) => namedImages(parseHistory(content)), ["", "{", '{"schema":']),
  ...bytesAfter("a history, ended", (text) => parseHistory(Buffer.concat([text, Buffer.from("\n")])), [
    "",
    "{",
  ]),
  ...after("who promotes", (text) => whoPromotes({ GITHUB_ACTOR: text }, { user: text, host: text }), [""]),
  ...after("a check's answer", (text) => readCheck(text, "a"), ["", "verified-images-check: "]),
  ...after("a job", (text) => parseJob([text, text, text, text, text]), [""]),
  ...after("a timestamp", (text) => TIMESTAMP.test(text), ["", "20260101T000000000Z-"]),
  ...after(
    "the inputs of an image",
    (text) => everywhere(imageInputs.shape, text).map((all) => imageInputs.safeParse(all)),
    [...["", "a", "https://", "unix://"]],
  ),
  ...after(
    "the inputs of a promotion",
    (text) => everywhere(PROMOTION, text).map((all) => checkPromotionInputs(all, later)),
    [...["", "a:", "a/"]],
  ),
  ...after(
    "the inputs of staging",
    (text) => everywhere(stagingSchema.shape, text).map((all) => stagingSchema.safeParse(all)),
    [...["", "/", ":", "a"]],
  ),
  ...after("a push target", pushProblem, ["", "a:"]),
  ...after("a resource's name", nameFromResource, ["", "a"]),
  ...after("a path of a program", (text) => programPath(text, "/a"), ["", "./", "/"]),
  ...after("a path on a host", (text) => pathOnHost(text, { worktree: "/a", onHost: "/b" }), ["/a/", ""]),
  ...after("a concurrency", (text) => judgeConcurrency(text, text, 2), [""]),
  ...after(
    "a rollout",
    (text) => configuredRollout({ enabled: text, repositories: text, selfRepository: text }),
    ["", "["],
  ),
  ...after("a number of builds", builds, ["", "0"]),
  ...after("a limit", limit, ["", "git="]),
  ...after("a pair", pair, ["", "a="]),
  ...after("a secret", secret, ["", "id=", "id=a,src="]),
  ...after("a name on the command line", nameOf, ["", "a:"]),
  ...after(
    "a setting",
    (text) => retainSetting({ file: { retain: text }, env: { VERIFIED_IMAGES_RETAIN: text }, flags: {} }),
    [""],
  ),
];
