import { HUGE, scientificNotation } from '../ground/percent.js';
import { printable } from './printable.js';
import { type Step, splitStatements } from './statements.js';

/** A template that is ready to be filled in. */
export type Template = (values: object) => string;

/** Values that every page is filled in with, for any sender. */
export interface PageValues {
  readonly deployment: string;
  /** When it was written, in words. */
  readonly at: string;
  /** `DATABASE.SCHEMA` in which its SQL is to be pasted. */
  readonly schema: string;
  readonly next?: string;
  readonly commands?: readonly string[];
  readonly events?: readonly { readonly next: string; readonly commands: readonly string[] }[];
}

/**
 * Renders a mail's page. Its own template gives the title in the first line and HTML of its own after it, the layout puts
 * that among what all mails have.
 */
export function pageOf(
  own: Template,
  layout: Template,
  data: PageValues,
): { title: string; own: string; html: string } {
  const values = {
    ...data,
    ...pastable(data, data.schema),
    ...(data.events
      ? { events: data.events.map((event) => ({ ...event, ...pastable(event, data.schema) })) }
      : {}),
  };
  const body = printable(own(values));
  const split = body.indexOf('\n');
  const title = decodeEntities(body.slice(0, split).trim());
  const rest = body.slice(split + 1).trim();
  return { title, own: rest, html: printable(layout({ ...values, title, body: rest })) };
}

/** Splits what is to be done, with its statements apart, and commands as they are pasted: SQL that knows its schema, and what a shell takes. */
export function pastable(
  { next = '', commands = [] }: { readonly next?: string; readonly commands?: readonly string[] },
  schema: string,
): { steps: Step[]; sql: string; shell: string } {
  const isSql = (line: string) => line.charAt(line.length - 1) === ';';
  const inSchema = (sql: string) => (sql === '' ? '' : `USE SCHEMA ${schema};\n${sql}`);
  const steps = next === '' ? [] : splitStatements(next);
  return {
    steps: steps.map(({ text, sql }) => ({ text, sql: inSchema(sql) })),
    sql: inSchema(commands.filter(isSql).join('\n')),
    shell: commands.filter((line) => !isSql(line)).join('\n'),
  };
}

/** Helpers that the templates call. */
export const helpers: Readonly<Record<string, (...values: unknown[]) => unknown>> = {
  number,
  /** As HTML in which a long name can be broken where it has underscores, and a range at its dash. */
  soft: (value) => escapeHtml(String(number(value))).replace(/[_–](?=\w)/g, '$&<wbr>'),
  /** The style of a cell: figures on the right, one below the other; what is short stays in one piece. */
  cell: (value) =>
    `text-align:${isFigure(value) ? 'right' : 'left'}${isShort(value) ? ';white-space:nowrap' : ''}`,
  /** The same of a heading, which stands as its column's figures do. */
  heading: (title, cell) =>
    `text-align:${isFigure(cell) ? 'right' : 'left'}${isShort(title) ? ';white-space:nowrap' : ''}`,
  /** Length of a table's bar, in percent of the longest. */
  bar: (row, table) => {
    const { rows, bar } = table as { rows: readonly (readonly unknown[])[]; bar: number };
    const of = (each: readonly unknown[]) => Math.abs(parseFloat(String(each[bar]).split(',').join(''))) || 0;
    const longest = Math.max.apply(null, rows.map(of));
    return longest > 0 ? Math.round((100 * of(row as readonly unknown[])) / longest) : 0;
  },
  /** Tells whether something is given, a 0 too. */
  given: (value) => value !== undefined && value !== null,
  plural: (count, one, many) => (count === 1 ? one : many),
};

/** A number with separators, and no more digits than tell something; anything else as it is. */
function number(value: unknown): unknown {
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) >= HUGE) return scientificNotation(value);
  const [whole = '', part = ''] = String(Math.round(Math.abs(value) * 1000) / 1000).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `${value < 0 ? '-' : ''}${grouped}${part ? `.${part}` : ''}`;
}

function isFigure(value: unknown): boolean {
  return (
    typeof value === 'number' || (typeof value === 'string' && /^[-+−<]? ?[\d.,]+( %|–[\d.,]+)?$/.test(value))
  );
}

function isShort(value: unknown): boolean {
  return String(value).indexOf('–') < 0 && (isFigure(value) || String(value).length <= 12);
}

/** Text as HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (one) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot' }[one]};`);
}

/** The characters that Handlebars writes as entities. */
export function decodeEntities(text: string): string {
  const entities: Record<string, string> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#x27;': "'",
    '&#x3D;': '=',
    '&#x60;': '`',
    '&amp;': '&',
  };
  return text.replace(/&(?:lt|gt|quot|amp|#x27|#x3D|#x60);/g, (entity) => entities[entity] || entity);
}
