// Pages of the site: which files of Markdown it has, where each stands, and what the navigation says.
import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from '../reference/markdown.mjs';
import { parse, targetOf } from './markdown.mjs';

const files = [
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'demo/general/README.md',
  'examples/github-actions/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true })
    .map((name) => `docs/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.md'))
    .sort(),
];

/** All pages, by their path in the project: title, short title and address in the site. */
export const pages = new Map(
  files.map((path) => {
    const title = parse(path)
      .tokens.find(({ type }) => type === 'heading')
      .text.replaceAll('`', '');
    const label = title.replace(/^Alarm: /, '').replace(/: .*/, '');
    const url = path.replace(/README\.md$/, 'index.md').replace(/md$/, 'html');
    return [path, { path, title, label, url }];
  }),
);

/** Address of a file of the site as a page links it. @param {string} from address of the page */
export const relative = (from, to) => posix.relative(posix.dirname(from), to);

/**
 * The navigation: pages by kind, in the order in which docs/README.md has them, then those that it does not name.
 *
 * @returns {{ name: string, entries: { page: object, children: object[] }[] }[]} children of an index: the other pages of its folder
 */
export function navigation() {
  const overview = 'docs/README.md';
  const rest = new Map([...pages].filter(([path]) => path !== 'README.md' && path !== overview));
  const take = (path) => {
    const page = rest.get(path);
    rest.delete(path);
    return page ? [page] : [];
  };
  const groups = [];
  for (const { type, depth, text, raw } of parse(overview).tokens) {
    if (type === 'heading' && depth === 2) groups.push({ name: text, entries: [] });
    else if (groups.length > 0)
      for (const [, link] of raw.matchAll(/\]\(([^)]+)\)/g)) {
        const { path } = targetOf(overview, link);
        for (const page of take(path)) groups.at(-1).entries.push({ page, children: [] });
      }
  }
  for (const entry of groups
    .flatMap(({ entries }) => entries)
    .filter(({ page }) => /.\/README/.test(page.path)))
    entry.children = files
      .filter((path) => posix.dirname(path) === posix.dirname(entry.page.path))
      .flatMap(take);
  const others = [...rest.values()].map((page) => ({ page, children: [] }));
  return [...groups, { name: 'Project', entries: others }];
}
