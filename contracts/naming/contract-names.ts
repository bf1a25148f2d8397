import { isOurs, RESERVED_WORDS } from '../../procedures/dataset/column-rules.js';

/** Longer names (characters) are cut: Snowflake takes 255, and something is added to some. */
const LONGEST_NAME = 200;

/** Letters that are not a letter and its accent. */
const PLAIN: Readonly<Record<string, string>> = {
  ...{ ß: 'ss', æ: 'ae', Æ: 'AE', œ: 'oe', Œ: 'OE', ø: 'o', Ø: 'O', ł: 'l', Ł: 'L', đ: 'd', Đ: 'D' },
};

/** A name without accents and in capitals; a capital in a word begins another, as programs write names. */
export function toCapitals(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæÆœŒøØłŁđĐ]/g, (letter) => PLAIN[letter] ?? '')
    .replace(/(?<=[a-z0-9])(?=[A-Z][a-z])/g, '_')
    .toUpperCase();
}

/** Names that a contract can use, and SQL without quotes, for what others call columns; each once. */
export function contractNames(sources: readonly string[]): string[] {
  const names = new Set<string>();
  for (const source of sources) {
    const plain = toCapitals(source.trim())
      .replace(/[^A-Z0-9_$]+/g, '_')
      .replace(/(?<=[^_])_+$/, '')
      .slice(0, LONGEST_NAME);
    let name = /^[A-Z_]/.test(plain) ? plain : `C_${plain}`;
    if (RESERVED_WORDS.has(name) || isOurs(name)) name = `${name}_`;
    for (let n = 2, first = name; names.has(name); n++) name = `${first}_${n}`;
    names.add(name);
  }
  return [...names];
}
