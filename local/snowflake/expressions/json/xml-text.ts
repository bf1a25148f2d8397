import type { ResultColumn, Row } from '../../types/data-type.js';

/**
 * XML in a VARIANT. An element is kept as the object that Snowflake shows through paths: "@" is its name, "@name"
 * an attribute, "$" its content: a value, an element, or an array of both
 * (docs.snowflake.com/en/sql-reference/functions/parse_xml).
 */
type Element = { $: Content | Content[]; '@': string } & Record<string, unknown>;
type Content = Element | string | number | boolean;

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/**
 * The elements at the top of a text, as JSON. Attributes may stand without quotes.
 * @param plain text stays text, also where it reads as a number (DISABLE_AUTO_CONVERT)
 * @throws Error with what is wrong and where
 */
export function parseXml(text: string, plain = false): string[] {
  const token =
    /<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<!DOCTYPE[^>]*>|<\/([^\s>]+)\s*>|<([^\s/>!?]+)((?:"[^"]*"|'[^']*'|[^"'>])*?)(\/?)>|([^<]+)|(<)/g;
  const roots: Element[] = [];
  const open: { element: Element; content: Content[] }[] = [];
  const add = (content: Content, at: number) => {
    const parent = open[open.length - 1];
    if (parent) parent.content.push(content);
    else if (typeof content === 'object') roots.push(content);
    else throw new Error(`text outside of an element, pos ${at}`);
  };
  for (const match of text.matchAll(token)) {
    const [, cdata, closing, name, attributes, single, words, broken] = match;
    const at = match.index;
    if (broken) throw new Error(`not properly formed tag, pos ${at}`);
    if (words !== undefined) {
      if (words.trim() !== '') add(scalar(unescapeText(words.trim()), plain), at);
    } else if (cdata !== undefined) add(cdata, at);
    else if (name !== undefined) {
      const element: Element = { $: '', '@': name, ...attributesOf(attributes ?? '', plain) };
      if (single) add(element, at);
      else open.push({ element, content: [] });
    } else if (closing !== undefined) {
      const last = open.pop();
      if (last?.element['@'] !== closing) throw new Error(`unexpected end tag '</${closing}>', pos ${at}`);
      const { element, content } = last;
      element.$ = content.length === 1 ? content[0]! : content.length === 0 ? '' : content;
      add(element, at);
    }
  }
  if (open.length > 0) throw new Error(`no end tag for '${open[open.length - 1]!.element['@']}'`);
  return roots.map((root) => JSON.stringify(root));
}

function attributesOf(text: string, plain: boolean): Record<string, string | number | boolean> {
  const found: Record<string, string | number | boolean> = {};
  for (const [, name, , double, single, bare] of text.matchAll(
    /([^\s=]+)\s*=\s*("([^"]*)"|'([^']*)'|([^\s"']+))/g,
  ))
    found[`@${name}`] = scalar(unescapeText(double ?? single ?? bare ?? ''), plain);
  return found;
}

/** Numbers and booleans come as such. A number that JavaScript would print differently stays text. */
function scalar(text: string, plain: boolean): string | number | boolean {
  if (plain) return text;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text ? Number(text) : text;
}

function unescapeText(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hex, name) =>
    decimal || hex
      ? String.fromCodePoint(Number.parseInt(decimal ?? hex, decimal ? 10 : 16))
      : (ENTITIES[name] ?? whole),
  );
}

/** Rows on their way to a client: XML in a VARIANT column is shown as XML. */
export function withXmlShown(columns: ResultColumn[], rows: Row[]): Row[] {
  const variants = columns.flatMap(({ type }, i) => (type.kind === 'VARIANT' ? [i] : []));
  if (variants.length === 0) return rows;
  for (const row of rows) for (const i of variants) if (row[i]?.startsWith('{"$":')) row[i] = xmlText(row[i]);
  return rows;
}

/** The text of an element, indented as Snowflake prints it; what is no element stays as it is. */
export function xmlText(json: string): string {
  const value: unknown = JSON.parse(json);
  return isElement(value) ? print(value, '') : json;
}

/** TO_XML: an element as it is, any other value under an element that says its type. */
export function xmlDocument(json: string): string {
  const value: unknown = JSON.parse(json);
  return isElement(value) ? print(value, '') : typedElement('SnowflakeData', value);
}

/** A value of a VARIANT under a name, with its type; members of an object by their keys, items of an array as `e`. */
function typedElement(name: string, value: unknown): string {
  const open = (type: string, inner: string) => `<${name} type="${type}">${inner}</${name}>`;
  if (value === null) return open('NULL_VALUE', '');
  if (Array.isArray(value)) return open('ARRAY', value.map((item) => typedElement('e', item)).join(''));
  if (typeof value === 'object')
    return open(
      'OBJECT',
      Object.entries(value)
        .map(([key, member]) => typedElement(key, member))
        .join(''),
    );
  if (typeof value === 'string') return open('VARCHAR', escapeText(value));
  if (typeof value === 'boolean') return open('BOOLEAN', String(value));
  return open(Number.isInteger(value) ? 'INTEGER' : 'DECIMAL', String(value));
}

export function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && '$' in value && '@' in value;
}

function print(element: Element, indent: string): string {
  const attributes = Object.entries(element)
    .filter(([key]) => key.length > 1 && key.startsWith('@'))
    .map(([key, value]) => ` ${key.slice(1)}="${escapeText(String(value)).replaceAll('"', '&quot;')}"`);
  const name = element['@'];
  const contents = Array.isArray(element.$) ? element.$ : [element.$];
  const inner = contents.some(isElement)
    ? `\n${contents.map((each) => `${indent}  ${isElement(each) ? print(each, `${indent}  `) : escapeText(String(each))}`).join('\n')}\n${indent}`
    : contents.map((each) => escapeText(String(each))).join('');
  return `<${name}${attributes.join('')}>${inner}</${name}>`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** The nth child element of a name (from 0), as JSON; null if there is none. */
export function xmlChild(json: string, name: string, instance: number): string | null {
  const value: unknown = JSON.parse(json);
  if (!isElement(value)) return null;
  const contents = Array.isArray(value.$) ? value.$ : [value.$];
  const child = contents.filter((each) => isElement(each) && each['@'] === name)[instance];
  return child === undefined ? null : JSON.stringify(child);
}
