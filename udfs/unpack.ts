/**
 * The text of base64 that was made by DEFLATE with its fixed codes (RFC 1951, 3.2.6). It becomes part of a body: it knows nothing
 * but itself, and no function that Snowflake's JavaScript does not have.
 * @throws Error for any other
 */
export function unpack(base64: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  let at = 0;
  let held = 0;
  let count = 0;
  // Digits of base64 begin with their highest bit, bytes of DEFLATE with their lowest.
  const nextByte = () => {
    const from = Math.floor((at * 8) / 6);
    const two = (digits.indexOf(base64.charAt(from)) << 6) | (digits.indexOf(base64.charAt(from + 1)) & 63);
    const byte = (two >> (4 - ((at * 8) % 6))) & 255;
    at++;
    return byte;
  };
  const bits = (n: number) => {
    while (count < n) {
      held |= nextByte() << count;
      count += 8;
    }
    const value = held & ((1 << n) - 1);
    held >>= n;
    count -= n;
    return value;
  };
  const code = (n: number, before = 0) => {
    let value = before;
    for (let i = 0; i < n; i++) value = (value << 1) | bits(1);
    return value;
  };
  const symbol = () => {
    const seven = code(7);
    if (seven < 24) return 256 + seven;
    const eight = code(1, seven);
    if (eight < 192) return eight - 48;
    if (eight < 200) return eight + 88;
    return code(1, eight) - 256;
  };
  const text: string[] = [];
  for (let last = 0; last === 0; ) {
    last = bits(1);
    if (bits(2) !== 1) throw new Error('This is not packed with fixed codes.');
    for (let one = symbol(); one !== 256; one = symbol()) {
      if (one < 256) {
        text.push(String.fromCharCode(one));
        continue;
      }
      const more = one < 265 || one === 285 ? 0 : (one - 261) >> 2;
      const length =
        one === 285 ? 258 : one < 265 ? one - 254 : ((((one - 265) & 3) + 4) << more) + 3 + bits(more);
      const far = code(5);
      const farther = far < 4 ? 0 : (far >> 1) - 1;
      const distance = far < 4 ? far + 1 : ((2 + (far & 1)) << farther) + 1 + bits(farther);
      const from = text.length - distance;
      for (let i = 0; i < length; i++) text.push(text[from + i] as string);
    }
  }
  return text.join('');
}
