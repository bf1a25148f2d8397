import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../deploy/project.js';

/** A fenced block of a page that a person may paste. */
export interface Block {
  /** `README.md:42`. */
  readonly where: string;
  readonly language: 'sh' | 'sql';
  readonly text: string;
  /** Why it is not run: `<!-- not run: … -->` stands before it. */
  readonly notRun?: string;
  /** Queries may find nothing: `<!-- may be empty: … -->`. */
  readonly mayBeEmpty?: string;
  /** Role that asks, of the block (`<!-- role: LOS_PATIENTS -->`) or of the whole page (on its second line). */
  readonly role?: string;
  /** It is run in an account of its own: `<!-- elsewhere: … -->`; on a page's second line, all of the page in one. */
  readonly elsewhere?: string;
}

const LANGUAGES: readonly string[] = ['sh', 'sql'];

/** README first, then the pages of docs/ in their order; the reference has no commands to paste but examples of --help. */
export function pages(): string[] {
  const docs = readdirSync(join(projectRoot, 'docs'), { recursive: true })
    .map((name) => `docs/${String(name)}`)
    .filter((name) => name.endsWith('.md') && !name.startsWith('docs/reference/'))
    .sort();
  return ['README.md', ...docs];
}

const secondLine = (page: string) => readFileSync(join(projectRoot, page), 'utf8').split('\n')[1] ?? '';

/** Whether all blocks of a page are run in one account that no other page uses. */
export const isApart = (page: string): boolean => secondLine(page).startsWith('<!-- elsewhere: ');

/** The blocks of a page, in their order. @throws Error for a block of an unknown language: yaml, text, code of ours are not pasted */
export function blocksOf(page: string): Block[] {
  const lines = readFileSync(join(projectRoot, page), 'utf8').split('\n');
  const role = /<!-- role: (\w+) -->/.exec(secondLine(page))?.[1];
  const blocks: Block[] = [];
  let begun: { line: number; language: string } | undefined;
  for (const [line, text] of lines.entries()) {
    if (!text.startsWith('```')) continue;
    if (!begun) {
      begun = { line, language: text.slice(3).trim() };
      continue;
    }
    const { line: first, language } = begun;
    begun = undefined;
    if (['yaml', 'text', 'ts', 'json'].includes(language)) continue;
    if (!LANGUAGES.includes(language)) throw new Error(`${page}:${first + 1} is a block of "${language}"`);
    const said = notes(lines, first);
    blocks.push({
      where: `${page}:${first + 1}`,
      language: language as Block['language'],
      text: lines.slice(first + 1, line).join('\n'),
      ...(said['not run'] ? { notRun: said['not run'] } : {}),
      ...(said['may be empty'] ? { mayBeEmpty: said['may be empty'] } : {}),
      ...(said.elsewhere ? { elsewhere: said.elsewhere } : {}),
      ...((said.role ?? role) ? { role: said.role ?? role! } : {}),
    });
  }
  return blocks;
}

/** What comments directly before a line say, `<!-- key: text -->` each. */
function notes(lines: readonly string[], before: number): Record<string, string> {
  const found: Record<string, string> = {};
  for (let i = before - 1; i >= 0; i--) {
    const said = /^<!-- ([a-z ]+): (.+) -->$/.exec(lines[i]!);
    if (!said) break;
    found[said[1]!] = said[2]!;
  }
  return found;
}

/** Statements of a script, without the comments that fill a line or end one. */
export function statements(sql: string): string[] {
  return sql
    .replace(/(^|\s)--.*$/gm, '')
    .split(/;\s*(?:\n|$)/)
    .map((each) => each.trim())
    .filter(Boolean);
}

/** Moves of the cursor and erasures. */
const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[\\d*[A-Za-z]`, 'g');

/** What a terminal has shown in the end: without escapes and without the lines that were redrawn. */
export function shownOn(terminal: string): string[] {
  return terminal
    .replace(ESCAPES, '')
    .replaceAll('\r', '')
    .split('\n')
    .filter((line) => !/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/.test(line));
}
