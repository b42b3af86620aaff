import { docker } from "./docker";

/**
 * Whether the engine of the tests keeps images with containerd: what Docker installs from 29 on. Otherwise with a graph
 * driver. A claim that only holds with one of them asks this.
 */
export async function isContainerdStore(): Promise<boolean> {
  const status = await docker(["info", "--format", "{{json .DriverStatus}}"]);
  return status.includes('"io.containerd.snapshotter.v1"');
}
