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
import { after, bytesAfter, endedAfter, type Parser } from "./parser";

const JSONS = '¦{¦{"¦{"a":"¦{"manifests":¦{"config":{"digest":"';

/** One text as every input of one schema: alone, in a list and as a name. */
const everywhere = (names: readonly string[], text: string): Record<string, unknown>[] =>
  [text, [text], { [text]: text }].map((value) => Object.fromEntries(names.map((name) => [name, value])));
const PROMOTION = [
  ..."image target targets root expectedRevision branch worktree".split(" "),
  ..."overrideReason host staging validated retain".split(" "),
];
const [IMAGE, STAGING] = [Object.keys(imageInputs.shape), Object.keys(stagingSchema.shape)];

/** What reads JSON, settings, inputs and the files of the store. */
export const DOCUMENTS: readonly Parser[] = [
  ...after("JSON of a registry", JSONS, (text) => parseUnambiguous(text, ["config"], ["labels"])),
  ...after("a JSON text of one string", "", (a) => parseUnambiguous(JSON.stringify({ a }), ["a"], [])),
  ...after("a JSON text of one key", "", (key) => parseUnambiguous(JSON.stringify({ [key]: 1 }), ["a"], [])),
  ...after("a manifest", JSONS, (text) => readManifest(text, "a")),
  ...after("an attestation", JSONS, (text) => isAttestation(text, "a")),
  ...after("a configuration", JSONS, (text) => readConfiguration(text, "a")),
  ...after("docker's configuration", JSONS, (text) => credentialsFor("a", text)),
  [
    "a registry in docker's configuration",
    (line) => credentialsFor("a", JSON.stringify({ auths: { [line]: {} } })),
  ],
  ...after("a lease", "", (token) => leaseSchema.safeParse({ token })),
  ...bytesAfter("a history", '¦{¦{"schema":', (content) => namedImages(parseHistory(content))),
  ...endedAfter("a history, ended", "¦{", "\n", parseHistory),
  ...after("who promotes", "", (a) => whoPromotes({ GITHUB_ACTOR: a }, { user: a, host: a })),
  ...after("a check's answer", "¦verified-images-check: ", (text) => readCheck(text, "a")),
  ...after("a job", "", (text) => parseJob([text, text, text, text, text])),
  ...after("a timestamp", "¦20260101T000000000Z-", (text) => TIMESTAMP.test(text)),
  ...after("the inputs of an image", "¦a¦https://¦unix://", (text) =>
    everywhere(IMAGE, text).map((all) => imageInputs.safeParse(all)),
  ),
  ...after("the inputs of a promotion", "¦a:¦a/", (text) =>
    everywhere(PROMOTION, text).map((all) => checkPromotionInputs(all, () => false)),
  ),
  ...after("the inputs of staging", "¦/¦:¦a", (text) =>
    everywhere(STAGING, text).map((all) => stagingSchema.safeParse(all)),
  ),
  ...after("a push target", "¦a:", pushProblem),
  ...after("a resource's name", "¦a", nameFromResource),
  ...after("a path of a program", "¦./¦/", (text) => programPath(text, "/a")),
  ...after("a path on a host", "/a/¦", (text) => pathOnHost(text, { worktree: "/a", onHost: "/b" })),
  ...after("a concurrency", "", (text) => judgeConcurrency(text, text, 2)),
  ...after("a rollout", "¦[", (a) => configuredRollout({ enabled: a, repositories: a, selfRepository: a })),
  ...after("a number of builds", "¦0", builds),
  ...after("a limit", "¦git=", limit),
  ...after("a pair", "¦a=", pair),
  ...after("a secret", "¦id=¦id=a,src=", secret),
  ...after("a name on the command line", "¦a:", nameOf),
  ...after("a setting", "", (retain) =>
    retainSetting({ file: { retain }, env: { VERIFIED_IMAGES_RETAIN: retain }, flags: {} }),
  ),
];
