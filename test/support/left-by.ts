import { machine } from "../../provider/base/process/leftovers";
import { added, listOurs } from "./leftovers";

/** Containers, helper images and temporary folders that a process of this machine has made and not removed. */
export async function leftBy(pid: number): Promise<string[]> {
  const all = added({ containers: [], images: [], temporary: [] }, await listOurs());
  const maker = new RegExp(`\\.${machine()}\\.${pid}(?![0-9])`);
  return all.filter((line) => maker.test(line));
}
