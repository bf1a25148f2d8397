// The form in which AWS's clients send a body whose checksum comes behind it.

/** What is wrong with such a body, with S3's code for it. */
export class ChunkedError extends Error {
  constructor(
    readonly code: 'InvalidRequest' | 'IncompleteBody',
    message: string,
  ) {
    super(message);
  }
}

/** Takes aws-chunked data apart: `SIZE[;extension]CRLF data CRLF … 0 CRLF trailer: value CRLF CRLF`. @throws ChunkedError */
export async function* decodeChunks(
  source: AsyncIterable<Buffer>,
  trailers: Record<string, string>,
): AsyncGenerator<Buffer> {
  let pending: Buffer = Buffer.alloc(0);
  let left = 0; // of the current chunk's data
  let state: 'size' | 'data' | 'end' | 'trailers' | 'done' = 'size';
  const line = (): string | undefined => {
    const at = pending.indexOf('\r\n');
    if (at < 0) {
      if (pending.length > 8192) throw formatError();
      return undefined;
    }
    const text = pending.toString('latin1', 0, at);
    pending = pending.subarray(at + 2);
    return text;
  };
  for await (const piece of source) {
    pending = pending.length > 0 ? Buffer.concat([pending, piece]) : piece;
    for (let moved = true; moved && state !== 'done'; ) {
      moved = false;
      if (state === 'data') {
        if (pending.length > 0) {
          const data = pending.subarray(0, left);
          pending = pending.subarray(data.length);
          left -= data.length;
          yield data;
          moved = true;
        }
        if (left === 0) state = 'end';
        continue;
      }
      const text = line();
      if (text === undefined) break;
      moved = true;
      if (state === 'size') {
        const size = /^([0-9a-f]+)(;.*)?$/i.exec(text);
        if (!size) throw formatError();
        left = Number.parseInt(size[1]!, 16);
        state = left > 0 ? 'data' : 'trailers';
      } else if (state === 'end') {
        if (text !== '') throw formatError();
        state = 'size';
      } else if (text === '') state = 'done';
      else {
        const colon = text.indexOf(':');
        if (colon < 0) throw formatError();
        trailers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
      }
    }
  }
  if (state !== 'done') throw new ChunkedError('IncompleteBody', 'The request body terminated unexpectedly');
}

const formatError = () => new ChunkedError('InvalidRequest', 'The aws-chunked body is malformed.');
