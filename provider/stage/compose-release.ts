import { dirname, resolve } from "node:path";
import type { Compose, ComposeModel } from "../engines/compose";
import type { Containers } from "../engines/containers";
import { VerifiedImagesError } from "../base/errors/base";
import { InputError, type InputFailure } from "../inputs/failure";
import { composeFailures, releaseModel, type ComposeWish } from "./compose-model";
import { mapModel } from "./compose-paths";
import { RELEASE_LABEL } from "./release";
import { sweepUnnamed } from "./set-aside";
import type { ComposeSettings } from "./inputs/staging-shapes";
import { pathOnHost, type WorktreeMap } from "./worktree-path";

export type { ComposeSettings } from "./inputs/staging-shapes";

/** A compose file that was read; its paths are those of the engine's host. */
interface ReadService {
  model: ComposeModel;
  /** Directory of the compose file, on the engine's host. */
  directory: string;
  /** Everything that is wrong with the service. */
  failures: InputFailure[];
}

/**
 * Reads the service's compose file and checks it. Changes nothing and asks no engine.
 *
 * @throws {ComposeUnreadableError} when compose refuses the file
 * @throws {ComposeMissingError} when there is no `docker compose`
 */
export async function readService(
  compose: Compose,
  settings: ComposeSettings,
  wish: Omit<ComposeWish, "file" | "service" | "profile">,
): Promise<ReadService> {
  const { file, service, profile, project } = settings;
  const overrides = settings.overrides ?? [];
  const model = await compose.read({ file, overrides, profile, project: project ?? null });
  const failures = composeFailures(model, { ...wish, file, service, profile });
  const directory = dirname(resolve(file));
  const onHost = settings.worktreeOnHost ?? null;
  if (onHost === null) return { model, directory, failures };
  const map: WorktreeMap = { worktree: resolve(settings.worktree), onHost };
  const mapped = mapModel(model, service, directory, map);
  const there = pathOnHost(directory, map);
  const outside = [...(there === null ? [`the file is ${file}`] : []), ...mapped.outside];
  for (const what of outside) {
    failures.push({
      property: "staging.compose.worktreeOnHost",
      reason: `says where the work tree ${settings.worktree} is, but ${what}, which is not in it`,
    });
  }
  return { model: mapped.model, directory: there ?? directory, failures };
}

/** A container to be made in a service. */
interface ComposeContainer {
  settings: ComposeSettings;
  wish: Omit<ComposeWish, "file" | "service" | "profile"> & { name: string };
  imageId: string;
  env: Readonly<Record<string, string>>;
  /** Labels of the container; one of them is the release's name. */
  labels: Readonly<Record<string, string>>;
}

/**
 * Makes a container of the service from an image ID and gives it the staging name. Containers that the service already has
 * stay, and nothing is started.
 *
 * @returns its ID
 * @throws {InputError} when the compose file has changed and can't be used any more
 */
export async function makeByCompose(
  containers: Containers,
  compose: Compose,
  wanted: ComposeContainer,
): Promise<string> {
  const { settings, wish, imageId, env, labels } = wanted;
  await sweepUnnamed(containers, wish.name);
  const read = await readService(compose, settings, wish);
  if (read.failures.length > 0) throw new InputError(read.failures);
  const { service, profile } = settings;
  const existing = await compose.existing();
  const model = releaseModel(read.model, { service, imageId, env, labels, existing });
  await compose.create({ model, service, profile, directory: read.directory });
  const made = await containers.neverStarted(RELEASE_LABEL, labels[RELEASE_LABEL] ?? "");
  const [fresh] = made;
  if (fresh === undefined || made.length > 1) {
    throw new VerifiedImagesError(
      "compose-container",
      `docker compose made ${made.length} containers of ${service}, expected one`,
    );
  }
  await containers.rename(fresh.id, wish.name);
  return fresh.id;
}
