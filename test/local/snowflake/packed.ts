import type { PackedTexts } from '@local-cloud/snowflake/storage/packed-texts.js';
import { TextPacker } from '@local-cloud/snowflake/storage/text-packer.js';

/** Texts packed one behind the other; null is SQL NULL. */
export function packed(texts: readonly (string | null)[]): PackedTexts {
  const packer = new TextPacker(texts.length, Object.prototype);
  for (const text of texts) packer.text(text);
  return packer.done();
}
