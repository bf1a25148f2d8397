/**
 * Bytes that a body may have. Snowflake keeps bodies compressed, says of none how large it may be, and recommends 100 KB
 * (developer-guide/udf/javascript/udf-javascript-limitations); `los first-day` asks an account. All bodies are held to this one number.
 */
export const MAX_BODY_BYTES = 400 * 1024;

/**
 * A value as JavaScript that is compiled in, on one line. It brings no two dollars together, which would end a body that
 * SQL quotes with them: a level of the data may be called "US $$". What JSON takes and ES2017 does not is escaped too, and
 * a key named `__proto__` stays a key.
 */
export function constantText(value: unknown): string {
  return JSON.stringify(value)
    .replace(/\$(?=\$)/g, '\\u0024')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029')
    .replace(/([{,])"__proto__":/g, '$1["__proto__"]:');
}

/** Counts the bytes of a text in UTF-8, as the size of a body is counted. */
export function bytesOf(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Each half of a pair stands for two of the four bytes of its character.
    const isHalf = code >= 0xd800 && code < 0xe000;
    bytes += 1 + Number(code >= 0x80) + Number(code >= 0x800 && !isHalf);
  }
  return bytes;
}
