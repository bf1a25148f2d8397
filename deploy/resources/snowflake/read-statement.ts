import { itemAt, requireValue } from '../../../udfs/require-value.js';

/**
 * Reads back what the project's own CREATE and ALTER statements say, so that nothing has to be declared
 * twice to be compared with a listing. It knows the forms that the stack writes, not all of Snowflake's.
 */
const OPTION = /\b([A-Z_]+)\s*=\s*('(?:[^']|'')*'|\([^)]*\)|[^\s(]+)/g;

/** `KEY = value` pairs before the body: a quoted text without its quotes, a list as `a, b`, words upper-case. */
export function optionsOf(sql: string): Record<string, string> {
  return Object.fromEntries(
    [...withoutBody(sql).matchAll(OPTION)].map(([, key = '', value = '']) => [key, plainValue(value)]),
  );
}

function plainValue(value: string): string {
  if (value.startsWith("'")) return value.slice(1, -1).replaceAll("''", "'");
  if (value.startsWith('('))
    return value
      .slice(1, -1)
      .split(',')
      .map((item) => plainValue(item.trim()))
      .join(', ');
  return value.toUpperCase();
}

/** Body after AS: a `$$` body without its marks, or the rest of the statement. */
export function bodyOf(sql: string): string {
  const quoted = /\bAS\s+\$\$([\s\S]*)\$\$\s*$/.exec(sql);
  if (quoted) return itemAt(quoted, 1);
  return FIRST_AS.exec(sql)?.[1]?.trim() ?? '';
}

/** Body after the first AS outside quotes. */
const FIRST_AS = /^(?:'(?:[^']|'')*'|"[^"]*"|[^'"])*?\bAS\s+([\s\S]*)$/i;

function withoutBody(sql: string): string {
  return sql.replace(/\bAS\s+\$\$[\s\S]*$/, '').replace(/^AS\s[\s\S]*$/m, '');
}

/** A word or list of words after a clause's keyword, e.g. the type after RETURNS. */
export function clauseOf(sql: string, keyword: string): string | undefined {
  return new RegExp(`\\b${keyword}\\s+(.+?)\\s*$`, 'm').exec(withoutBody(sql))?.[1];
}

/** Arguments of a routine's head, e.g. `(FEATURES OBJECT, X FLOAT)`. */
export function signatureOf(sql: string): string {
  return `(${/\b(?:FUNCTION|PROCEDURE)\s+[^\s(]+\(([^)]*)\)/.exec(sql)?.[1] ?? ''})`;
}

interface ColumnText {
  /** Without quotes. */
  readonly name: string;
  /** The name as it stands in SQL. */
  readonly written: string;
  /** As typeText() writes it, with `NOT NULL`. */
  readonly type: string;
  /** '' where it has none. */
  readonly comment: string;
}

/** Columns of a CREATE TABLE, in their order. */
export function columnTexts(sql: string): ColumnText[] {
  const list = sql.slice(sql.indexOf('(') + 1, sql.lastIndexOf(')'));
  return listItems(list).map((item) => {
    const [, written = '', odd, type = '', rest = ''] = requireValue(
      /^(\w+|"((?:[^"]|"")*)")\s+(\w+(?:\s*\([^)]*\))?)\s*(.*)$/s.exec(item),
      `a column and its type in ${item}`,
    );
    const comment = /\bCOMMENT\s+'((?:[^']|'')*)'/.exec(rest)?.[1] ?? '';
    return {
      name: odd === undefined ? written : odd.replaceAll('""', '"'),
      written: written,
      type: typeText(type, /NOT NULL/i.test(rest.replaceAll(/'(?:[^']|'')*'/g, ''))),
      comment: comment.replaceAll("''", "'"),
    };
  });
}

/** The same as name → type. */
export function columnsOf(sql: string): Record<string, string> {
  return Object.fromEntries(columnTexts(sql).map(({ name, type }) => [name, type]));
}

const SYNONYMS: Readonly<Record<string, string>> = {
  FIXED: 'NUMBER',
  DECIMAL: 'NUMBER',
  INTEGER: 'NUMBER',
  INT: 'NUMBER',
  TEXT: 'VARCHAR',
  STRING: 'VARCHAR',
  REAL: 'FLOAT',
  DOUBLE: 'FLOAT',
};

/** Splits a list at its commas; commas inside brackets, quoted names or texts separate nothing. */
export function listItems(list: string): string[] {
  const items = [''];
  let depth = 0;
  for (const [part] of list.matchAll(/"(?:[^"]|"")*"|'(?:[^']|'')*'|[\s\S]/g)) {
    if (part === ',' && depth === 0) items.push('');
    else {
      if (part === '(') depth++;
      if (part === ')') depth--;
      items[items.length - 1] += part;
    }
  }
  return items.map((item) => item.trim()).filter(Boolean);
}

/**
 * One spelling for a type, without the defaults of NUMBER(38,0) and of VARCHAR's length. A type that this project
 * never declares (`TABLE (A NUMBER(10,2))`, `OBJECT(a NUMBER NOT NULL)`: a listing names other people's routines
 * too) stays as it is written.
 */
export function typeText(type: string, notNull: boolean): string {
  const written = type.trim().toUpperCase();
  const [, word, inner] = /^(\w+)\s*(?:\(([^()]*)\))?$/.exec(written) ?? [];
  if (word === undefined) return `${written}${notNull ? ' NOT NULL' : ''}`;
  const name = SYNONYMS[word] ?? word;
  const detail = inner?.replaceAll(/\s/g, '');
  const usual =
    !detail ||
    (name === 'NUMBER' && /^38(,0)?$/.test(detail)) ||
    (name === 'VARCHAR' && Number(detail) >= 16_777_216) ||
    (/^TIME/.test(name) && detail === '9');
  return `${name}${usual ? '' : `(${detail})`}${notNull ? ' NOT NULL' : ''}`;
}
