import { type CST, Parser, parseDocument } from 'yaml';
import { messageOf } from '../errors.js';

/** Settings and contracts need five. What is deeper exhausts the stack of who reads it. */
const DEEPEST = 100;

/** Reads a YAML text, or says why it cannot be read: its syntax, aliases that unfold to millions of values, too many levels. */
export function readYaml(text: string): { readonly value?: unknown; readonly problem?: string } {
  let level: readonly CST.Token[] = [...new Parser().parse(text)];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return { problem: `it is nested more than ${DEEPEST} levels deep` };
    level = level.flatMap(partsOf);
  }
  const document = parseDocument(text);
  const problem = document.errors[0]?.message.split('\n')[0]?.replace(/:$/, '');
  if (problem !== undefined) return { problem };
  try {
    return { value: document.toJS() };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

function partsOf(token: CST.Token): CST.Token[] {
  const parts = 'items' in token ? token.items.flatMap(({ key, value }) => [key, value]) : [];
  const own = token.type === 'document' ? token.value : undefined;
  return [...parts, own].flatMap((part) => part ?? []);
}
