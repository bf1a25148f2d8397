/** Numbers that are written as words in a sentence. */
const WORDS = [
  '',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];
const WEEK = 7;

/**
 * The probability of a long stay as one plain sentence, for people who read no figures beside it.
 * @param probability 0 to 1
 * @param days from how many days on a stay is long
 */
export function longStayText(probability: number, days: number): string {
  return `This patient has ${chance(probability)} chance of staying ${duration(days)} or longer.`;
}

/** In whole percents: more would say more than is known. What is not impossible is not called so. */
function chance(probability: number): string {
  const percent = Math.round(probability * 100);
  if (percent < 1) return 'a less than 1 %';
  if (percent > 99) return 'a more than 99 %';
  return `${article(percent)} ${percent} %`;
}

/** Before a number as it is read aloud: an eight, an eleven, an eighteen, an eighty. */
function article(number: number): string {
  return number === 8 || number === 11 || number === 18 || (number >= 80 && number < 90) ? 'an' : 'a';
}

/** Whole weeks as weeks, all else as days. */
function duration(days: number): string {
  const weeks = days / WEEK;
  return days >= WEEK && weeks === Math.floor(weeks) ? countOf(weeks, 'week') : countOf(days, 'day');
}

function countOf(number: number, unit: string): string {
  if (number === 1) return `a ${unit}`;
  return `${WORDS[number] || number} ${unit}s`;
}
