/** The model.tar.gz format: a gzipped tar archive of a few plain files. */
import { gunzipSync, gzipSync } from 'node:zlib';

const BLOCK = 512;

/** Packs files (name → content) into a .tar.gz. The same files always give the same bytes. */
export function packTarGz(files: Record<string, Uint8Array>): Buffer {
  const blocks: Buffer[] = [];
  for (const [name, content] of Object.entries(files)) {
    if (Buffer.byteLength(name) > 100)
      throw new Error(`The file name ${name} is too long for a tar archive.`);
    blocks.push(header(name, content.length), Buffer.from(content));
    blocks.push(Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  return gzipSync(Buffer.concat(blocks), { level: 1 });
}

/**
 * Unpacks the plain files of a .tar.gz, by name without a leading "./".
 *
 * @throws Error when the bytes are not a gzipped tar archive
 */
export function unpackTarGz(archive: Uint8Array): Map<string, Buffer> {
  const tar = gunzipSync(archive);
  const files = new Map<string, Buffer>();
  for (let at = 0; at + BLOCK <= tar.length; ) {
    const head = tar.subarray(at, at + BLOCK);
    if (head.every((byte) => byte === 0)) break;
    if (head.toString('latin1', 257, 262) !== 'ustar') throw new Error('This is not a tar archive.');
    const prefix = text(head, 345, 155);
    const name = (prefix ? `${prefix}/` : '') + text(head, 0, 100);
    const size = Number.parseInt(text(head, 124, 12).trim(), 8);
    const type = head[156];
    at += BLOCK;
    // '0' or NUL is a plain file; folders, links and extended headers carry no model.
    if (type === 0x30 || type === 0) files.set(name.replace(/^(\.\/)+/, ''), tar.subarray(at, at + size));
    at += Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

function header(name: string, size: number): Buffer {
  const head = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, '0')}\0`;
  head.write(name, 0);
  head.write(octal(0o644, 8), 100);
  head.write(octal(0, 8), 108);
  head.write(octal(0, 8), 116);
  head.write(octal(size, 12), 124);
  head.write(octal(0, 12), 136);
  head.write('        ', 148);
  head.write('0', 156);
  head.write('ustar\x0000', 257, 'latin1');
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return head;
}

function text(block: Buffer, start: number, length: number): string {
  const field = block.toString('utf8', start, start + length);
  const end = field.indexOf('\0');
  return end < 0 ? field : field.slice(0, end);
}
