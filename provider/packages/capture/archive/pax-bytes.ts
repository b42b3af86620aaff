import type { Extract } from "tar-stream";

/**
 * Makes a reader of tar archives keep the bytes of paths in extended headers (POSIX.1-2017, pax): each byte becomes one
 * character (Latin-1).
 *
 * tar-stream 3.2 heeds `filenameEncoding` everywhere but in these headers, which it decodes as UTF-8. Bytes that are
 * not UTF-8 are lost then, and two files can get one name. There is no option, so its own step is replaced. The version
 * is pinned, and a test has such names.
 *
 * @throws {Error} if this version of tar-stream has no such step
 */
export function keepPaxBytes(reader: Extract): void {
  const step: unknown = Reflect.get(reader, "_decodeLongHeader");
  if (typeof step !== "function") {
    throw new Error("this version of tar-stream has no step _decodeLongHeader: install the pinned version");
  }
  Reflect.set(reader, "_decodeLongHeader", (content: Buffer): void => {
    const header: unknown = Reflect.get(reader, "_header");
    const type: unknown = typeof header === "object" && header !== null ? Reflect.get(header, "type") : null;
    if (type === "pax-header" || type === "pax-global-header") {
      const field = type === "pax-header" ? "_pax" : "_paxGlobal";
      const before: unknown = type === "pax-header" ? Reflect.get(reader, "_paxGlobal") : {};
      Reflect.set(reader, field, { ...(typeof before === "object" ? before : {}), ...paxRecords(content) });
    } else {
      Reflect.apply(step, reader, [content]);
    }
  });
}

/**
 * The records of an extended header: `<length> <key>=<value>\n`, where the length counts the whole record.
 *
 * @throws {Error} for anything else
 */
export function paxRecords(content: Buffer): Record<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length;) {
    const blank = content.indexOf(0x20, at);
    const digits = blank < 0 || blank - at > 10 ? "" : content.toString("latin1", at, blank);
    const end = at + Number(digits);
    const equals = content.indexOf(0x3d, blank);
    if (!/^[1-9][0-9]*$/.test(digits) || equals < 0 || equals >= end || content[end - 1] !== 0x0a) {
      throw new Error("an extended header of the archive is malformed");
    }
    records.set(
      content.toString("latin1", blank + 1, equals),
      content.toString("latin1", equals + 1, end - 1),
    );
    at = end;
  }
  return Object.fromEntries(records);
}
