/** Numbers and lists as people read them. Snowflake's engine need not know locales, so this is done by hand. */

import { HUGE, scientificNotation } from '../ground/percent.js';

/** `12,345.67`: so many digits after the point, those that are zeros left out. */
export function number(value: number, digits = 1): string {
  if (Math.abs(value) >= HUGE) return `${value < 0 ? '−' : ''}${scientificNotation(Math.abs(value))}`;
  const rounded = round(value, digits);
  const [whole, part] = String(Math.abs(rounded)).split('.');
  const grouped = (whole as string).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `${rounded < 0 ? '−' : ''}${grouped}${part === undefined ? '' : `.${part}`}`;
}

export function round(value: number, digits = 1): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

/** A figure of a table: three digits or more, and no more than two after the point. */
export function figure(value: number): number {
  const size = Math.abs(value);
  if (size >= 1000) return round(value, 0);
  return round(value, size >= 100 ? 1 : 2);
}

/** A mean in a sentence. */
export function amount(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return number(value, 0);
  return number(value, size >= 10 ? 1 : 2);
}

/** The first letter as a sentence begins. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A share as `12 %`, below ten per cent with a digit more. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 0.05) return 'under 0.1 %';
  return `${number(value, Math.abs(value) < 10 ? 1 : 0)} %`;
}

/** The same as a number, for tables. */
export function percentage(share: number): number {
  return round(share * 100, 1);
}

/** `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

export function countOf(n: number, one: string, many = `${one}s`): string {
  return `${number(n, 0)} ${n === 1 ? one : many}`;
}

/** A day as YYYY-MM-DD of days since 1970. */
export function dayOf(day: number): string {
  return new Date(day * 86400000).toISOString().slice(0, 10);
}
