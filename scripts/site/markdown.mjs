// Reads the project's Markdown: headings, links, and which of them lead nowhere.
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { Marked } from 'marked';
import { read, root } from '../reference/markdown.mjs';

/** Address of a heading within its page, as GitHub spells it; another of the same text has a number behind it. */
const headingId = (text) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/** File of the project that a link leads to, and the heading in it. @param {string} page with the link */
export function targetOf(page, link) {
  const [path, heading] = link.split('#');
  return { path: path === '' ? page : posix.join(posix.dirname(page), path), heading };
}

const marked = new Marked();
const pages = new Map();

/**
 * A page of Markdown, read once.
 *
 * @param {string} path in the project
 * @returns {{ tokens: object[], headings: string[], links: string[] }} marked's tokens, those of headings with their `id`; addresses of
 *   headings; links and pictures within the project
 */
export function parse(path) {
  if (!pages.has(path)) {
    const tokens = marked.lexer(read(path));
    const headings = [];
    const counts = new Map();
    const links = [];
    marked.walkTokens(tokens, (token) => {
      if (token.type === 'heading') {
        const id = headingId(token.text);
        const before = counts.get(id) ?? 0;
        counts.set(id, before + 1);
        token.id = before === 0 ? id : `${id}-${before}`;
        headings.push(token.id);
      }
      if (token.type === 'link' || token.type === 'image') links.push(token.href);
      if (token.type === 'html')
        links.push(...[...token.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link));
    });
    pages.set(path, { tokens, headings, links: links.filter((link) => !/^[a-z]+:/.test(link)) });
  }
  return pages.get(path);
}

/**
 * Links of a page to files or headings that are not there.
 *
 * @param {string} page path in the project
 * @returns {string[]} `page: link`
 */
export function deadLinks(page) {
  return parse(page)
    .links.filter((link) => {
      const { path, heading } = targetOf(page, link);
      if (!existsSync(join(root, path))) return true;
      return heading !== undefined && !(path.endsWith('.md') && parse(path).headings.includes(heading));
    })
    .map((link) => `${page}: ${link}`);
}
