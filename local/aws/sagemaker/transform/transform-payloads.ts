/** Cuts an input object of a transform job into the payloads of its requests. */
import { ClientError } from '../shared/client-error.js';

export interface Cutting {
  /** Whether records end with a newline; otherwise the object is one payload. */
  split: boolean;
  /** One record to a payload; otherwise as many as fit. */
  single: boolean;
  /** The largest payload in bytes. */
  most: number;
}

const NEWLINE = 10;

/**
 * The payloads of an object, in order. A record sent alone goes without its newline.
 *
 * @throws ClientError for a record, or an undivided object, that is larger than a payload may be
 */
export async function* payloadsOf(bytes: AsyncIterable<Buffer>, cutting: Cutting): AsyncGenerator<Buffer> {
  const { split, single, most } = cutting;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (split && single) {
      for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
        yield copyBytes(fitting(rest.subarray(0, end), most));
        rest = rest.subarray(end + 1);
      }
    } else if (split) {
      while (rest.length > most) {
        const end = rest.lastIndexOf(NEWLINE, most - 1);
        if (end < 0) throw sizeError(most);
        yield copyBytes(rest.subarray(0, end + 1));
        rest = rest.subarray(end + 1);
      }
    }
    // What has no end within a payload will not fit either.
    if (rest.length > most) throw sizeError(most);
  }
  if (rest.length > 0) yield copyBytes(rest);
}

/** In memory of its own: a view that goes to another thread takes the whole chunk under it along. */
function copyBytes(view: Buffer): Buffer {
  return Buffer.from(new Uint8Array(view).buffer);
}

function fitting(record: Buffer, most: number): Buffer {
  if (record.length > most) throw sizeError(most);
  return record;
}

function sizeError(most: number): ClientError {
  return new ClientError(
    `Too much data for max payload size: a record, or an object that is not split, is larger than MaxPayloadInMB (${most / 1024 / 1024} MB). Set SplitType to Line or raise MaxPayloadInMB.`,
  );
}
