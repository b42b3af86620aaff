import { thisProcess } from "../../provider/base/process/identity";
import { added, listOurs } from "./leftovers";

/** Containers, helper images and temporary folders that a process of this PID namespace has made and not removed. */
export async function leftBy(pid: number): Promise<string[]> {
  const all = added({ containers: [], images: [], temporary: [] }, await listOurs());
  const maker = new RegExp(`\\.${thisProcess().space}\\.${pid}\\.`);
  return all.filter((line) => maker.test(line));
}
