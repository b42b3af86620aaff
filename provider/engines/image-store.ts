import type { EngineIdentity } from "./engine";

/** What stands before the snapshotter's name in `EngineIdentity.imageStore`. Both kinds of store can have a driver of one name. */
const CONTAINERDS = "containerd's ";

/** An image store in the words of `EngineIdentity.imageStore`. */
export const imageStoreName = (driver: string, ofContainerd: boolean): string =>
  ofContainerd ? CONTAINERDS + driver : driver;

/** Whether an engine keeps images with containerd. */
export const isOfContainerd = ({ imageStore }: Pick<EngineIdentity, "imageStore">): boolean =>
  imageStore?.startsWith(CONTAINERDS) === true;
