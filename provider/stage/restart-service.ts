import type { Compose, ComposeSource } from "../engines/compose";
import type { Containers } from "../engines/containers";
import { messageOf } from "../base/errors/message";
import { InputError } from "../inputs/failure";

/** A compose service that is to run the promoted image. */
export interface Service {
  source: ComposeSource;
  service: string;
  /** File to which compose's output is appended. */
  logFile?: string;
}

/** The state of a service before it is changed. */
export interface ServiceBefore extends Service {
  project: string;
  /** Whether one of its containers runs; null: it has none. */
  running: boolean | null;
}

/** Access to compose and to the engine's containers. */
export interface ServiceEffects {
  compose: Compose;
  containers: Containers;
}

const short = (imageId: string): string => imageId.replace(/^sha256:/, "").slice(0, 12);

/**
 * Reads the state of a service. Changes nothing.
 *
 * @throws {InputError} when the compose file has no such service
 */
export async function lookAtService(
  { compose, containers }: ServiceEffects,
  asked: Service,
): Promise<ServiceBefore> {
  const { source, service } = asked;
  const model = await compose.read(source);
  if (!Object.hasOwn(model.services, service)) {
    const where = source.profile === null ? "" : ` in the profile ${source.profile}`;
    const others = Object.keys(model.services).join(", ") || "none";
    const reason = `the compose file has no service ${service}${where}; it has ${others}`;
    throw new InputError([{ property: "--restart", reason }]);
  }
  let running: boolean | null = null;
  for (const id of await compose.containersOf(model.name, service)) {
    const facts = await containers.find(id);
    if (facts !== null) running = running === true || facts.running;
  }
  return { ...asked, project: model.name, running };
}

/** Whether the service has containers, and all of them have this image and are running (or stopped) as asked. */
async function isOf(
  { compose, containers }: ServiceEffects,
  { project, service }: ServiceBefore,
  imageId: string,
  running: boolean,
): Promise<boolean> {
  const ids = await compose.containersOf(project, service);
  const found = await Promise.all(ids.map((id) => containers.find(id)));
  const good = found.filter((facts) => facts?.imageId === imageId && facts.running === running);
  return ids.length > 0 && good.length === ids.length;
}

/**
 * Recreates a service's containers, started or not, and checks that they have this image.
 *
 * @throws {Error} when they do not
 */
async function recreate(
  effects: ServiceEffects,
  before: ServiceBefore,
  imageId: string,
  start: boolean,
): Promise<void> {
  const { source, service, logFile } = before;
  await effects.compose.recreate(source, service, { start, logFile });
  if (await isOf(effects, before, imageId, start)) return;
  throw new Error(`${service} is not ${start ? "running" : "made of"} ${short(imageId)}`);
}

/**
 * Recreates a service, so that it runs the image that its tag points at now.
 *
 * @throws {Error} when it does not run that image
 */
export async function restartService(
  effects: ServiceEffects,
  before: ServiceBefore,
  imageId: string,
): Promise<void> {
  try {
    await recreate(effects, before, imageId, true);
  } catch (error) {
    throw new Error(`${before.service} could not be recreated: ${messageOf(error)}`, { cause: error });
  }
}

/**
 * Puts a service back to what it was. Its image's tag must have been put back before.
 *
 * @param imageId what the tag points at again; null: it does not exist
 * @returns a sentence that says what the service is now; never throws
 */
export async function serviceBack(
  effects: ServiceEffects,
  before: ServiceBefore,
  imageId: string | null,
): Promise<string> {
  const { source, service, logFile, running } = before;
  try {
    if (running === null) {
      await effects.compose.removeService(source, service, { logFile });
      return `put back: ${service} has no container, as before`;
    }
    if (imageId === null) return `ATTENTION: ${service} has no image to go back to, and is left as it is`;
    await recreate(effects, before, imageId, running);
    return running
      ? `put back: ${service} runs ${short(imageId)} again`
      : `put back: ${service} is one of ${short(imageId)} again, and does not run, as before`;
  } catch (error) {
    return `ATTENTION: ${service} could not be put back: ${messageOf(error)}`;
  }
}
