import { deflateRawSync, constants as zlib } from 'node:zlib';
import { unpack } from '../../udfs/unpack.js';

/** Shorter constants are left as they can be read. */
const WORTH_PACKING = 4096;

/**
 * A constant of a body that would be too large, packed: statements that name every column of a wide table repeat each other. Only
 * where nothing else helps, for it cannot be read any more.
 * @param text JavaScript of the constant; left as it is where it is not JSON
 * @returns JavaScript that gives the same, where `unpack` is declared; what the engine puts a value in for stays to be found
 */
export function packConstant(text: string): string {
  if (text.length < WORTH_PACKING || !isJson(text)) return text;
  // Only ASCII, so that a byte is a character.
  const ascii = text.replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const references = [...new Set(ascii.match(/\$\{[^#${}]+#\w+\}/g))];
  const json = references.reduce((text, each, i) => text.replaceAll(each, `<<${i}>>`), ascii);
  const packed = deflateRawSync(json, { level: 9, strategy: zlib.Z_FIXED }).toString('base64');
  return `JSON.parse(unpack('${packed}')${references.map((each, i) => `.split('<<${i}>>').join('${each}')`).join('')})`;
}

/** Declares `unpack` in a body. */
export const UNPACK = `const unpack = ${String(unpack)};`;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
